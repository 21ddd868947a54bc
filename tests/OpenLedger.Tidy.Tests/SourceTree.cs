using OpenLedger.Testing;

namespace OpenLedger.Tidy.Tests;

/// <summary>The text files of this repository, without build outputs.</summary>
internal static class SourceTree
{
    private static readonly HashSet<string> Outputs =
        ["bin", "obj", "artifacts", "node_modules", ".git", ".vs", ".vscode", ".idea", "TestResults", "BenchmarkDotNet.Artifacts"];

    private static readonly HashSet<string> TextEndings =
    [
        ".cs", ".csproj", ".props", ".targets", ".sln", ".json", ".md", ".txt", ".config", ".editorconfig", ".gitignore", ".gitattributes",
        ".npmrc", ".sol", ".js", ".mjs", ".ts", ".css", ".html", ".yml", ".yaml", ".toml", ".sh", ".lock", "",
    ];

    public static IReadOnlyList<SourceFile> Files { get; } = Read();

    private static List<SourceFile> Read()
    {
        List<SourceFile> files = [];
        Stack<DirectoryInfo> folders = new([new DirectoryInfo(RepositoryRoot.Path)]);
        while (folders.TryPop(out DirectoryInfo? folder))
        {
            foreach (DirectoryInfo child in folder.EnumerateDirectories().Where(child => !Outputs.Contains(child.Name) && child.LinkTarget is null))
            {
                folders.Push(child);
            }

            foreach (FileInfo file in folder.EnumerateFiles().Where(file => TextEndings.Contains(file.Extension) && file.Length < 4 << 20))
            {
                string path = Path.GetRelativePath(RepositoryRoot.Path, file.FullName).Replace('\\', '/');
                if (path != ".git")
                {
                    files.Add(new SourceFile(path, File.ReadAllText(file.FullName)));
                }
            }
        }

        return [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }
}
