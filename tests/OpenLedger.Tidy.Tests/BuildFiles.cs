using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OpenLedger.Tidy.Tests;

/// <summary>Rules for project files, central versions, package sources and lock files.</summary>
internal static partial class BuildFiles
{
    private const string Disambiguation =
        "Not related to the accounting API of openledger.com or other projects of the same name.";

    public static IEnumerable<string> CheckPackages(IReadOnlyList<SourceFile> files)
    {
        foreach (SourceFile project in files.Where(file => file.IsIn("src") && file.EndsWith(".csproj")))
        {
            string folder = project.Path[..project.Path.LastIndexOf('/')];
            foreach (string needed in new[] { "PublicAPI.Shipped.txt", "PublicAPI.Unshipped.txt", "README.md" })
            {
                if (files.All(file => file.Path != $"{folder}/{needed}"))
                {
                    yield return $"{folder}: has no {needed}";
                }
            }

            if (files.FirstOrDefault(file => file.Path == $"{folder}/README.md") is { } readme && !Flat(readme.Text).Contains(Disambiguation, StringComparison.Ordinal))
            {
                yield return $"{readme.Path}: lacks the line \"{Disambiguation}\"";
            }

            if (XDocument.Parse(project.Text).Descendants("Description").All(description => description.Value.Length < 40))
            {
                yield return $"{project.Path}: has no description that a package page could show";
            }
        }
    }

    public static IEnumerable<string> CheckSolution(IReadOnlyList<SourceFile> files)
    {
        string solution = files.Single(file => file.Path == "OpenLedger.sln").Text.Replace('\\', '/');
        foreach (SourceFile project in files.Where(file => file.EndsWith(".csproj")))
        {
            if (!solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal))
            {
                yield return $"{project.Path}: is not in OpenLedger.sln";
            }
        }
    }

    public static IEnumerable<string> CheckVersions(IEnumerable<SourceFile> files)
    {
        foreach (SourceFile file in files)
        {
            if (file.EndsWith(".csproj"))
            {
                foreach (XElement reference in XDocument.Parse(file.Text).Descendants("PackageReference")
                    .Where(reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null))
                {
                    yield return $"{file.Path}: {reference.Attribute("Include")?.Value} has a version of its own; versions are central";
                }
            }
            else if (file.Path == "Directory.Packages.props")
            {
                foreach (XElement version in XDocument.Parse(file.Text).Descendants("PackageVersion"))
                {
                    string value = version.Attribute("Version")?.Value ?? "";
                    if (!PlainVersion().IsMatch(value))
                    {
                        yield return $"{file.Path}: {version.Attribute("Include")?.Value} '{value}' is no plain minimum version";
                    }
                }
            }
        }
    }

    public static IEnumerable<string> CheckSources(IEnumerable<SourceFile> files)
    {
        foreach (SourceFile file in files)
        {
            if (file.Name.Equals("nuget.config", StringComparison.OrdinalIgnoreCase))
            {
                XDocument document = XDocument.Parse(file.Text);
                if (document.Descendants("clear").Any())
                {
                    yield return $"{file.Path}: <clear/> cuts off the sources of the machine";
                }

                foreach (XElement source in document.Descendants("packageSources").Elements("add"))
                {
                    yield return $"{file.Path}: names the source {source.Attribute("value")?.Value}";
                }
            }
            else if (file.Name is "package-lock.json" or "packages.lock.json" or "yarn.lock" or "foundry.lock" or "pnpm-lock.yaml"
                && Address().Match(file.Text) is { Success: true } match)
            {
                yield return $"{file.At(match.Index)}: lock file with the address {match.Value}";
            }
        }
    }

    /// <summary>Files above the length that the style guide calls rare: for the reader of the test output, never a failure.</summary>
    public static IEnumerable<string> LongFiles(IEnumerable<SourceFile> files, int lines) =>
        from file in files
        where file.EndsWith(".cs") && !file.EndsWith(".g.cs")
        let count = file.Text.AsSpan().Count('\n')
        where count > lines
        orderby count descending
        select $"{file.Path}: {count} lines";

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"^\d+\.\d+(\.\d+){0,2}(-[0-9A-Za-z.\-]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainVersion();

    // npm's sponsorship addresses ("funding") are no download addresses.
    [GeneratedRegex(@"""(?:resolved|tarball|registry)""\s*:\s*""https?://[^""]*|^\s*resolved\s+""?https?://\S*", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Address();
}
