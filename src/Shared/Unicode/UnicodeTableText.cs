using System.Globalization;

namespace OpenLedger.Unicode;

/// <summary>Reads the text form of <see cref="UnicodeTables"/>: <c>key=value;</c> with hexadecimal code points.</summary>
internal static class UnicodeTableText
{
    public static IEnumerable<(string Key, string Value)> Entries(string table)
    {
        foreach (string entry in table.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            yield return (entry[..equals], entry[(equals + 1)..]);
        }
    }

    public static int CodePoint(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    public static int[] CodePoints(string text) => [.. text.Split(' ').Select(CodePoint)];
}
