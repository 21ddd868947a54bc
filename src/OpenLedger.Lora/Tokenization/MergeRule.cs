namespace OpenLedger.Lora.Tokenization;

/// <summary>The textual form of a merge: <c>left right</c>.</summary>
internal static class MergeRule
{
    /// <param name="rule">The text.</param>
    /// <param name="vocabulary">Tells where the cut is when a token itself has spaces: exactly one cut must be between two tokens that join to one.</param>
    /// <param name="fault">Makes the exception.</param>
    public static (string Left, string Right) Parse(
        string rule, IReadOnlyDictionary<string, int> vocabulary, Func<TokenizerFormatError, string, TokenizerFormatException> fault)
    {
        int space = rule.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && space < rule.Length - 1 && rule.IndexOf(' ', space + 1) < 0)
        {
            return (rule[..space], rule[(space + 1)..]);
        }

        (string Left, string Right)? found = null;
        for (; space >= 0; space = rule.IndexOf(' ', space + 1))
        {
            (string left, string right) = (rule[..space], rule[(space + 1)..]);
            if (vocabulary.ContainsKey(left) && vocabulary.ContainsKey(right) && vocabulary.ContainsKey(left + right))
            {
                found = found is null ? (left, right) : throw fault(TokenizerFormatError.InvalidMerge, $"'{rule}' can be cut into two tokens in several ways");
            }
        }

        return found ?? throw fault(TokenizerFormatError.InvalidMerge, $"'{rule}' is not two tokens with one space between them");
    }
}
