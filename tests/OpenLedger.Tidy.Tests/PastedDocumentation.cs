using System.Text.RegularExpressions;

namespace OpenLedger.Tidy.Tests;

/// <summary>Finds summaries that were pasted between members: a reader learns nothing from the second one; <c>inheritdoc</c> and <c>see</c> exist.</summary>
internal static partial class PastedDocumentation
{
    /// <summary>Short summaries ("Gets the length in tokens.") may well be true of two members.</summary>
    public const int LongestSharedSummary = 100;

    public static IEnumerable<string> Check(IEnumerable<SourceFile> files)
    {
        Dictionary<string, string> seen = [];
        foreach (SourceFile file in files.Where(file => file.IsIn("src") && file.EndsWith(".cs") && !file.EndsWith(".g.cs")))
        {
            foreach (Match match in Summary().Matches(file.Text))
            {
                string text = Space().Replace(match.Groups["text"].Value.Replace("///", " ", StringComparison.Ordinal), " ").Trim();
                if (text.Length > LongestSharedSummary && !seen.TryAdd(text, file.At(match.Index)))
                {
                    yield return $"{file.At(match.Index)}: same summary as {seen[text]}: {text[..60]}…";
                }
            }
        }
    }

    [GeneratedRegex(@"///\s*<summary>(?<text>.*?)</summary>", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Summary();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Space();
}
