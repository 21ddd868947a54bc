using System.Runtime.InteropServices;
using OpenLedger.Testing;

namespace OpenLedger.Packaging.Tests;

/// <summary>A stranger's console app: it knows the packages only from the feed, and nothing of this repository.</summary>
[Collection<SharedFeed>]
public sealed class ConsumerTests(PackedFamily family)
{
    private static readonly string[] Referenced = ["OpenLedger.Datanets", "OpenLedger.Chain", "OpenLedger.Lora", "OpenLedger.Hosting"];

    /// <summary>Touches one type of each package, and asks for training without libtorch, as somebody who forgot the native package would.</summary>
    private const string Program = """
        using System.Reflection;
        using OpenLedger.Datanets.Contributions;
        using OpenLedger.Lora.Models;
        using OpenLedger.Lora.Training.Autograd;

        ContributorId contributor = ContributorId.Parse("secp256k1:0x00000000000000000000000000000000000000ab", null);
        Console.WriteLine($"contributor {contributor}");
        Console.WriteLine($"type {typeof(DecoderLinear).FullName}");
        foreach (string name in new[] { "OpenLedger.Chain", "OpenLedger.Hosting", "OpenLedger.Attribution" })
        {
            Console.WriteLine($"loaded {Assembly.Load(name).GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion} {name}");
        }

        try
        {
            Console.WriteLine($"torch {TorchRuntime.EnsureLoaded().Loading}");
        }
        catch (TorchRuntimeException exception)
        {
            Console.WriteLine($"torch {exception.Error}: {exception.Message}");
        }
        """;

    [Fact]
    public async Task FreshApp_FromTheFeedWithAnEmptyCache_CompilesAndRuns()
    {
        using TemporaryFolder app = new();
        await WriteAppAsync(app);
        Dictionary<string, string> environment = new() { ["NUGET_PACKAGES"] = app.File("packages") };

        (int built, string buildOutput) = await DotNetCommand.RunAsync(
            app.Path, environment, "build", "App.csproj", "-c", "Release", "-o", app.File("out"), "-warnaserror", "-p:UseSharedCompilation=false", "-nodeReuse:false");
        Assert.True(built == 0, buildOutput);
        (int exitCode, string output) = await DotNetCommand.RunAsync(app.Path, environment, app.File("out", "App.dll"));

        Assert.True(exitCode == 0, output);
        Assert.Contains("contributor secp256k1:0x00000000000000000000000000000000000000ab", output, StringComparison.Ordinal);
        Assert.Contains("type OpenLedger.Lora.Models.DecoderLinear", output, StringComparison.Ordinal);
        foreach (string name in new[] { "OpenLedger.Chain", "OpenLedger.Hosting", "OpenLedger.Attribution" })
        {
            Assert.Contains($"loaded {family.Version}+{PackedFamily.Commit} {name}", output, StringComparison.Ordinal);
        }

        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            Assert.Contains("torch LibraryMissing: 'libc10.so' is in none of the searched folders", output, StringComparison.Ordinal);
            Assert.Contains("Reference the package libtorch-cpu-linux-x64", output, StringComparison.Ordinal);
        }

        // All came from the feed: the throwaway cache holds this run's version of every package, and no project was referenced.
        Assert.All(Referenced, id => Assert.True(Directory.Exists(app.File("packages", id.ToLowerInvariant(), family.Version))));
    }

    private async Task WriteAppAsync(TemporaryFolder app)
    {
        string references = string.Join('\n', Referenced.Select(id => $"    <PackageReference Include=\"{id}\" Version=\"{family.Version}\" />"));
        await File.WriteAllTextAsync(app.File("App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
              <ItemGroup>
            {references}
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(app.File("Program.cs"), Program);

        // Adds one source and clears none: foreign packages come from wherever this machine gets its packages.
        await File.WriteAllTextAsync(app.File("nuget.config"), $"""
            <configuration><packageSources><add key="openledger-family" value="{family.Feed}" /></packageSources></configuration>
            """);
    }
}
