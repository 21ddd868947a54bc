using System.Text.RegularExpressions;

namespace OpenLedger.Tidy.Tests;

/// <summary>Words that must not be in the repository: addresses and paths of somebody's machine, and unfinished work.</summary>
internal static partial class BannedText
{
    /// <summary>The rules' own files name what they ban.</summary>
    private const string OwnFolder = "tests/OpenLedger.Tidy.Tests";

    public static IEnumerable<string> Check(IEnumerable<SourceFile> files)
    {
        foreach (SourceFile file in files.Where(file => !file.IsIn(OwnFolder)))
        {
            foreach (Match match in MachinePath().Matches(file.Text))
            {
                yield return $"{file.At(match.Index)}: path of one machine: {match.Value}";
            }

            foreach (Match match in RegistryHost().Matches(file.Text))
            {
                yield return $"{file.At(match.Index)}: address of a package registry: {match.Value}";
            }

            if (!file.IsIn("src") || !file.EndsWith(".cs"))
            {
                continue;
            }

            foreach (Match match in Unfinished().Matches(file.Text))
            {
                yield return $"{file.At(match.Index)}: unfinished work: {match.Value}";
            }

            foreach (Match match in TemporaryPath().Matches(file.Text))
            {
                yield return $"{file.At(match.Index)}: fixed temporary path: {match.Value}";
            }
        }
    }

    [GeneratedRegex(@"(?<![\w.\-/<>])(?:/root|/work|/home/\w+|/Users/\w+)/[\w.\-]+|[A-Z]:\\Users\\", RegexOptions.CultureInvariant)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b(?:api\.nuget\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|pypi\.org/simple|pkgs\.dev\.azure\.com|nuget\.pkg\.github\.com|[\w.\-]*artifactory[\w.\-]*\.\w{2,})|https?://[^\s""'<>]*/(?:v3/index\.json|api/(?:nuget|npm|pypi)/)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex RegistryHost();

    [GeneratedRegex(@"\bNotImplementedException\b|\b(?:TODO|FIXME|HACK)\b(?!\(#\d+\))", RegexOptions.CultureInvariant)]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"""/tmp\b[^""]*""", RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryPath();
}
