namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>Matches one text, which is not empty.</summary>
internal sealed class LiteralPattern(string literal) : IMatchPattern
{
    public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        int found = text[from..].IndexOf(literal);
        start = from + found;
        end = start + literal.Length;
        return found >= 0;
    }
}
