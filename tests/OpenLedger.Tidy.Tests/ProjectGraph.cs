using System.Xml.Linq;

namespace OpenLedger.Tidy.Tests;

/// <summary>Who may know whom: the table of the architecture page, as data.</summary>
internal static class ProjectGraph
{
    /// <summary>Per library: the OpenLedger projects, and the packages, that its project file may name.</summary>
    public static readonly IReadOnlyDictionary<string, (string[] Projects, string[] Packages)> Allowed =
        new Dictionary<string, (string[], string[])>
        {
            ["OpenLedger.Datanets"] = ([],
                ["Microsoft.Data.Sqlite", "SQLitePCLRaw.core", "SQLitePCLRaw.bundle_e_sqlite3", "Parquet.Net", "Apache.Arrow", "YamlDotNet", "System.IO.Hashing"]),
            ["OpenLedger.Datanets.Pdf"] = (["OpenLedger.Datanets"], ["PdfPig"]),
            // The last two are Npgsql's own, listed in the package by central pinning.
            ["OpenLedger.Datanets.PostgreSql"] = (["OpenLedger.Datanets"], ["Npgsql", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions"]),
            ["OpenLedger.Lora"] = ([],
                ["System.Numerics.Tensors", "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.Logging.Abstractions"]),
            ["OpenLedger.Lora.Training"] = (["OpenLedger.Lora"],
                ["TorchSharp", "Google.Protobuf", "SharpZipLib", "SkiaSharp", "System.Numerics.Tensors"]),
            ["OpenLedger.Attribution"] = (["OpenLedger.Lora", "OpenLedger.Lora.Training", "OpenLedger.Datanets"],
                ["System.Numerics.Tensors"]),
            ["OpenLedger.Chain"] = (["OpenLedger.Datanets"],
                ["BouncyCastle.Cryptography", "Polly.Core", "Microsoft.Data.Sqlite", "SQLitePCLRaw.core", "SQLitePCLRaw.bundle_e_sqlite3"]),
            ["OpenLedger.Hosting"] = (
                ["OpenLedger.Datanets", "OpenLedger.Lora", "OpenLedger.Lora.Training", "OpenLedger.Attribution", "OpenLedger.Chain"],
                [
                    "Microsoft.Extensions.AI", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Diagnostics.Abstractions",
                    "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "Polly.Extensions",
                ]),
        };

    /// <summary>
    /// Foreign assemblies by the start of their name, and who may use them in code. A reference that arrives through another package or project
    /// compiles without a word in the project file; only the built assembly tells.
    /// </summary>
    public static readonly IReadOnlyList<(string Prefix, string[] Users)> Assemblies =
    [
        ("TorchSharp", ["OpenLedger.Lora.Training", "OpenLedger.Attribution"]),
        ("BouncyCastle", ["OpenLedger.Chain"]),
        ("Polly", ["OpenLedger.Chain", "OpenLedger.Hosting"]),
        ("Microsoft.Data.Sqlite", ["OpenLedger.Datanets", "OpenLedger.Chain"]),
        ("SQLitePCLRaw", ["OpenLedger.Datanets", "OpenLedger.Chain"]),
        ("Parquet", ["OpenLedger.Datanets"]),
        ("Apache.Arrow", ["OpenLedger.Datanets"]),
        ("YamlDotNet", ["OpenLedger.Datanets"]),
        ("System.IO.Hashing", ["OpenLedger.Datanets"]),
        ("UglyToad.PdfPig", ["OpenLedger.Datanets.Pdf"]),
        ("Npgsql", ["OpenLedger.Datanets.PostgreSql"]),
        ("System.Numerics.Tensors", ["OpenLedger.Lora", "OpenLedger.Lora.Training", "OpenLedger.Attribution"]),
        ("Microsoft.ML.Tokenizers", []),
        ("Google.Protobuf", []),
        ("SkiaSharp", []),
        ("ICSharpCode.SharpZipLib", []),
        ("Microsoft.AspNetCore", []),
        ("Microsoft.Extensions.AI.Abstractions", ["OpenLedger.Lora", "OpenLedger.Hosting"]),
        ("Microsoft.Extensions.Logging.Abstractions", ["OpenLedger.Lora", "OpenLedger.Hosting"]),
        ("Microsoft.Extensions.", ["OpenLedger.Hosting"]),
        ("System.", ["*"]),
        ("Microsoft.CSharp", ["*"]),
        ("Microsoft.Win32.Primitives", ["*"]),
        ("netstandard", ["*"]),
    ];

    public static IEnumerable<string> CheckProjects(IReadOnlyList<SourceFile> files)
    {
        SourceFile[] projects = [.. files.Where(file => file.IsIn("src") && file.EndsWith(".csproj"))];
        foreach (SourceFile project in projects)
        {
            string name = project.Name[..^".csproj".Length];
            if (!Allowed.TryGetValue(name, out (string[] Projects, string[] Packages) allowed))
            {
                yield return $"{project.Path}: not in the project graph; add it to ProjectGraph.Allowed and to docs/architecture.md";
                continue;
            }

            XDocument document = XDocument.Parse(project.Text);
            foreach (string target in Includes(document, "ProjectReference").Select(path => path.Split('/', '\\')[^1].Replace(".csproj", "", StringComparison.Ordinal)))
            {
                if (!allowed.Projects.Contains(target))
                {
                    yield return $"{project.Path}: must not know {target}";
                }
            }

            foreach (string package in Includes(document, "PackageReference"))
            {
                if (!allowed.Packages.Contains(package))
                {
                    yield return $"{project.Path}: must not reference the package {package}";
                }
            }

            foreach (string framework in Includes(document, "FrameworkReference"))
            {
                yield return $"{project.Path}: must not reference the framework {framework}";
            }
        }

        foreach (string missing in Allowed.Keys.Except(projects.Select(project => project.Name[..^".csproj".Length])))
        {
            yield return $"src/{missing}: is in the project graph but has no project file";
        }
    }

    public static IEnumerable<string> CheckAssembly(string assembly, IEnumerable<string> references)
    {
        foreach (string reference in references)
        {
            if (reference.StartsWith("OpenLedger.", StringComparison.Ordinal))
            {
                if (!Allowed[assembly].Projects.Contains(reference))
                {
                    yield return $"{assembly}.dll: must not know {reference}";
                }

                continue;
            }

            (string prefix, string[]? users) = Assemblies.FirstOrDefault(row => reference.StartsWith(row.Prefix, StringComparison.Ordinal));
            if (users is null)
            {
                yield return $"{assembly}.dll: uses {reference}, which is in no row of the project graph";
            }
            else if (!users.Contains("*") && !users.Contains(assembly))
            {
                yield return $"{assembly}.dll: must not use {reference} (row '{prefix}')";
            }
        }
    }

    private static IEnumerable<string> Includes(XDocument document, string element) =>
        document.Descendants(element).Select(reference => (string?)reference.Attribute("Include") ?? "");
}
