namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>Matches single characters of a class; with <paramref name="andAscii"/> also these ASCII characters.</summary>
internal sealed class ClassPattern(CharacterClass classes, string andAscii = "") : IMatchPattern
{
    /// <summary>Numbers (Nd, Nl, No), as the component <c>Digits</c> means them.</summary>
    public static ClassPattern Numbers { get; } = new(CharacterClass.Number);

    /// <summary>Unicode punctuation, and every visible ASCII character that is no letter or digit, as <c>Punctuation</c> means it.</summary>
    public static ClassPattern Punctuation { get; } = new(CharacterClass.Punctuation, "$+<=>^`|~");

    /// <summary>White space.</summary>
    public static ClassPattern WhiteSpace { get; } = new(CharacterClass.Space);

    public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start = end)
        {
            CharacterClass kind = CharacterClasses.Of(text, start, out int length);
            end = start + length;
            if ((kind & classes) != 0 || andAscii.Contains(text[start], StringComparison.Ordinal))
            {
                return true;
            }
        }

        end = start;
        return false;
    }
}
