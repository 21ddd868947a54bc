using System.Globalization;
using System.Text;
using OpenLedger.Unicode;

namespace OpenLedger.Datanets.Validation.Text;

/// <summary>Letters without their accents: the canonical decomposition with the non-spacing marks left out.</summary>
internal static class BaseLetters
{
    private static readonly Dictionary<int, int[]> Decomposed = Read();

    /// <summary>What is left of a code point, or <see langword="null"/> when nothing comes off. Hangul syllables stay whole.</summary>
    public static int[]? Of(int scalar) => scalar >= 0xC0 ? Decomposed.GetValueOrDefault(scalar) : null;

    private static Dictionary<int, int[]> Read()
    {
        Dictionary<int, int[]> direct = [];
        foreach (string entry in UnicodeTables.Decompositions.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            int scalar = CodePoint(entry.AsSpan(0, equals).TrimEnd('!'));
            direct.Add(scalar, [.. entry[(equals + 1)..].Split(' ').Select(part => CodePoint(part))]);
        }

        return direct.Keys.ToDictionary(scalar => scalar, scalar => Strip(scalar, direct).ToArray());
    }

    private static IEnumerable<int> Strip(int scalar, Dictionary<int, int[]> direct) =>
        direct.TryGetValue(scalar, out int[]? parts) ? parts.SelectMany(part => Strip(part, direct))
        : Rune.GetUnicodeCategory(new Rune(scalar)) == UnicodeCategory.NonSpacingMark ? []
        : [scalar];

    private static int CodePoint(ReadOnlySpan<char> text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
