namespace OpenLedger.Lora.Tokenization;

/// <summary>Reads merge rules of the form <c>left right</c>.</summary>
internal static class MergesReader
{
    public static (string Left, string Right) Parse(string rule, Func<TokenizerFormatError, string, TokenizerFormatException> fault)
    {
        int space = rule.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && space < rule.Length - 1 && rule.IndexOf(' ', space + 1) < 0
            ? (rule[..space], rule[(space + 1)..])
            : throw fault(TokenizerFormatError.InvalidMerge, $"'{rule}' is not two tokens with one space between them");
    }
}
