using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace OpenLedger.Lora.Tokenization;

/// <summary>
/// Reads ranks in the tiktoken format: per line the bytes of a token in Base64, a space, and its rank, which is its id. How text is cut
/// and which special tokens follow is only known to the family.
/// </summary>
internal static class TiktokenReader
{
    private const int LongestToken = 256;
    private const int Llama3SpecialTokens = 256;

    // github.com/meta-llama/llama-models, models/llama3/tokenizer.py; reserved names fill the rest.
    private static readonly string[] Llama3Names =
    [
        "<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>", "<|reserved_special_token_1|>", "<|finetune_right_pad_id|>",
        "<|step_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>", "<|eot_id|>", "<|python_tag|>", "<|image|>",
    ];

    private static readonly string[] Glm4Names =
    [
        "<|endoftext|>", "[MASK]", "[gMASK]", "[sMASK]", "<sop>", "<eop>", "<|system|>", "<|user|>", "<|assistant|>", "<|observation|>",
        "<|begin_of_image|>", "<|end_of_image|>", "<|begin_of_video|>", "<|end_of_video|>",
    ];

    /// <summary>Whether a file begins like ranks: a line of Base64, a space and a number. No protocol buffer of a model does.</summary>
    public static bool IsTiktoken(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = (end < 0 ? bytes[..Math.Min(bytes.Length, LongestToken * 2)] : bytes[..end]).TrimEnd((byte)'\r');
        int space = line.IndexOf((byte)' ');
        return space > 0 && Base64.IsValid(line[..space]) && line.Length > space + 1 && line[(space + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    public static ByteLevelBpeDefinition Read(ReadOnlySpan<byte> bytes, string path, TokenizerConfig config, TokenizerFamily? family)
    {
        if (family is not (TokenizerFamily.Llama3 or TokenizerFamily.Glm4))
        {
            throw new TokenizerFormatException(
                TokenizerFormatError.UnsupportedComponent,
                $"'{path}' has tiktoken ranks, which do not say how text is cut into words; name the family, {TokenizerFamily.Llama3} or {TokenizerFamily.Glm4}, "
                + $"in {nameof(TokenizerOptions)}.{nameof(TokenizerOptions.Family)}{(family is null ? "" : $" instead of {family}")}.");
        }

        Dictionary<string, int> ranks = ReadRanks(bytes, path);
        AddedToken[] added = config.AddedTokens.Count > 0 ? [.. config.AddedTokens]
            : [.. Names(family.Value).Select((name, index) => new AddedToken(ranks.Count + index, name, IsSpecial: true))];
        int Id(string name) => added.FirstOrDefault(token => token.Content == name)?.Id
            ?? throw new TokenizerFormatException(TokenizerFormatError.InvalidAddedToken, $"'{path}': special token '{name}' of {family} is missing.");
        bool isLlama = family == TokenizerFamily.Llama3;
        return new ByteLevelBpeDefinition
        {
            Source = $"'{path}'",
            Vocabulary = ranks,
            Merges = null,
            AddedTokens = added,
            Splits = [SplitPattern.Llama3],
            IgnoreMerges = true,
            Roles = new SpecialTokenNames
            {
                BeginningOfSequence = config.Roles.BeginningOfSequence ?? (isLlama ? Llama3Names[0] : null),
                EndOfSequence = config.Roles.EndOfSequence ?? (isLlama ? Llama3Names[1] : Glm4Names[0]),
                Padding = config.Roles.Padding ?? (isLlama ? Llama3Names[4] : Glm4Names[0]),
            },
            PromptPrefix = isLlama ? [Id(Llama3Names[0])] : [Id("[gMASK]"), Id("<sop>")],
        };
    }

    private static string[] Names(TokenizerFamily family) => family == TokenizerFamily.Llama3
        ? [.. Llama3Names, .. Enumerable.Range(2, Llama3SpecialTokens - Llama3Names.Length).Select(number => $"<|reserved_special_token_{number}|>")]
        : Glm4Names;

    private static Dictionary<string, int> ReadRanks(ReadOnlySpan<byte> bytes, string path)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        Span<byte> token = stackalloc byte[LongestToken];
        int number = 0;
        while (!bytes.IsEmpty)
        {
            number++;
            int end = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? bytes : bytes[..end]).TrimEnd((byte)'\r');
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            if (line.IsEmpty)
            {
                continue;
            }

            int space = line.IndexOf((byte)' ');
            if (space <= 0 || Base64.DecodeFromUtf8(line[..space], token, out _, out int length) != OperationStatus.Done || length == 0
                || !int.TryParse(line[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int rank))
            {
                throw new TokenizerFormatException(
                    TokenizerFormatError.MalformedFile, $"'{path}', line {number}: it must be Base64 of 1 to {LongestToken} bytes, a space and a rank.");
            }

            if (!ranks.TryAdd(ByteAlphabet.Encode(token[..length]), rank))
            {
                throw new TokenizerFormatException(TokenizerFormatError.InvalidVocabulary, $"'{path}', line {number}: the token is listed twice.");
            }
        }

        return ranks;
    }
}
