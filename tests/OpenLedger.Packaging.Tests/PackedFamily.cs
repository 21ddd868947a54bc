using System.Diagnostics;
using OpenLedger.Testing;

namespace OpenLedger.Packaging.Tests;

/// <summary>
/// The libraries, packed once from a copy of their sources into a folder feed. The copy keeps the repository's bin and obj out of it, and carries
/// a hand-made Git folder with a remote, so that SourceLink can be tested whether or not this clone has a remote.
/// </summary>
public sealed class PackedFamily : IAsyncLifetime, IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Gets a version that no other run uses: packages of one version are cached by its number, whatever is in them.</summary>
    public string Version { get; } = $"0.1.0-test.{Environment.ProcessId}.{Stopwatch.GetTimestamp()}";

    public string Root => _folder.Path;

    public string Sources => _folder.File("sources");

    public string Feed => _folder.File("feed");

    public string Output { get; private set; } = "";

    public string Package(string id) => Path.Combine(Feed, $"{id}.{Version}.nupkg");

    public string Symbols(string id) => Path.Combine(Feed, $"{id}.{Version}.snupkg");

    public async ValueTask InitializeAsync()
    {
        CopySources();
        WriteGitFolder();

        // A filter packs all projects in one build; it names them, because the solution in the copy also lists what was not copied.
        string projects = string.Join(", ", Tidy.Tests.ProjectGraph.Allowed.Keys.Select(id => $"\"src/{id}/{id}.csproj\""));
        string filter = Path.Combine(Sources, "Family.slnf");
        await File.WriteAllTextAsync(filter, $$"""{ "solution": { "path": "OpenLedger.sln", "projects": [ {{projects.Replace("/", @"\\", StringComparison.Ordinal)}} ] } }""");

        (int exitCode, string output) = await DotNetCommand.RunAsync(
            Sources,
            new Dictionary<string, string>(),
            "pack", filter, "-c", "Release", "-o", Feed, $"-p:Version={Version}", "-p:ContinuousIntegrationBuild=true", "-p:UseSharedCompilation=false", "-nodeReuse:false");
        Output = output;
        Assert.True(exitCode == 0, $"dotnet pack exits with {exitCode}:\n{output}");
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder.Path))
        {
            _folder.Dispose();
        }
    }

    private void CopySources()
    {
        string[] files =
        [
            .. Directory.GetFiles(RepositoryRoot.Path).Where(file => Path.GetFileName(file) != ".git"),
            .. new[] { "src", "eng" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*", SearchOption.AllDirectories)),
        ];
        foreach (string file in files)
        {
            string relative = Path.GetRelativePath(RepositoryRoot.Path, file);
            string[] parts = relative.Split(Path.DirectorySeparatorChar);
            if (parts.Length > 2 && parts[2] is "bin" or "obj")
            {
                continue;
            }

            string target = Path.Combine(Sources, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private void WriteGitFolder()
    {
        string git = Path.Combine(Sources, ".git");
        Directory.CreateDirectory(Path.Combine(git, "objects"));
        Directory.CreateDirectory(Path.Combine(git, "refs", "heads"));
        File.WriteAllText(Path.Combine(git, "HEAD"), "ref: refs/heads/main\n");
        File.WriteAllText(Path.Combine(git, "refs", "heads", "main"), Commit + "\n");
        File.WriteAllText(
            Path.Combine(git, "config"),
            "[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote \"origin\"]\n\turl = https://github.com/example/openledger-dotnet.git\n");
    }
}
