using OpenLedger.Unicode;

namespace OpenLedger.Datanets.Validation.Text;

/// <summary>Brings decomposed accents together, where there are any: composing is slower than looking.</summary>
internal static class ComposedText
{
    public static bool HasCombiningMarks(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\u0300', '\u036F');

    /// <summary>Normalisation form C, for text with combining marks of the Latin block; any other text as it is.</summary>
    public static string Of(string text) => HasCombiningMarks(text) ? CanonicalForms.ToFormC(text) : text;
}
