namespace OpenLedger.Lora.Tokenization;

/// <summary>The textual form of a merge: <c>left right</c>.</summary>
internal static class MergeRule
{
    public static (string Left, string Right) Parse(string rule, Func<TokenizerFormatError, string, TokenizerFormatException> fault)
    {
        int space = rule.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && space < rule.Length - 1 && rule.IndexOf(' ', space + 1) < 0
            ? (rule[..space], rule[(space + 1)..])
            : throw fault(TokenizerFormatError.InvalidMerge, $"'{rule}' is not two tokens with one space between them");
    }
}
