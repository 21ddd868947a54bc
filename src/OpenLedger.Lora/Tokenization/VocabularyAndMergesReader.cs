using System.Text;
using OpenLedger.Lora.Tokenization.Normalization;

namespace OpenLedger.Lora.Tokenization;

/// <summary>
/// Reads the older layout of <c>vocab.json</c> and <c>merges.txt</c>. These files do not say how text is cut into words: the
/// class named in <c>tokenizer_config.json</c> does, and GPT-2 invented the layout.
/// </summary>
internal static class VocabularyAndMergesReader
{
    private const string Gpt2EndOfText = "<|endoftext|>";

    public static ByteLevelBpeDefinition Read(string folder, TokenizerConfig config)
    {
        string vocabularyPath = Path.Combine(folder, TokenizerFiles.VocabularyJson);
        using JsonFile vocabularyFile = JsonFile.Open(vocabularyPath);
        Dictionary<string, int> vocabulary = TokenizerJsonReader.ReadVocabulary(vocabularyFile.Root);
        var definition = new ByteLevelBpeDefinition
        {
            Source = $"'{vocabularyPath}'",
            Vocabulary = vocabulary,
            Merges = ReadMerges(Path.Combine(folder, TokenizerFiles.MergesText), vocabulary),
            AddedTokens = [],
            Splits = [SplitPattern.Gpt2],
        };

        definition = definition with { Roles = config.Roles, AddedTokens = config.AddedTokens };
        return config.TokenizerClass switch
        {
            null or "GPT2Tokenizer" or "GPT2TokenizerFast" => WithGpt2Defaults(definition),
            "Qwen2Tokenizer" or "Qwen2TokenizerFast" => definition with { Splits = [SplitPattern.Qwen2], Normalizer = new FormCNormalizer() },
            { } other => throw new TokenizerFormatException(
                TokenizerFormatError.UnsupportedComponent,
                $"'{folder}': tokenizer_class '{other}' is not supported without {TokenizerFiles.TokenizerJson}."),
        };
    }

    private static ByteLevelBpeDefinition WithGpt2Defaults(ByteLevelBpeDefinition definition)
    {
        if (!definition.Vocabulary.TryGetValue(Gpt2EndOfText, out int id))
        {
            return definition;
        }

        bool isListed = definition.AddedTokens.Any(token => token.Content == Gpt2EndOfText);
        return definition with
        {
            AddedTokens = isListed ? definition.AddedTokens : [.. definition.AddedTokens, new AddedToken(id, Gpt2EndOfText, IsSpecial: true)],
            Roles = definition.Roles with
            {
                BeginningOfSequence = definition.Roles.BeginningOfSequence ?? Gpt2EndOfText,
                EndOfSequence = definition.Roles.EndOfSequence ?? Gpt2EndOfText,
            },
        };
    }

    private static List<(string Left, string Right)> ReadMerges(string path, Dictionary<string, int> vocabulary)
    {
        byte[] bytes = TokenizerFiles.Read(path);
        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new TokenizerFormatException(TokenizerFormatError.MalformedFile, $"'{path}' is not valid UTF-8.", exception);
        }

        var merges = new List<(string Left, string Right)>();
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            // "# #" is a rule; only the first line can be the version.
            number++;
            if (line.IsEmpty || (number == 1 && line.StartsWith("#version")))
            {
                continue;
            }

            int lineNumber = number;
            merges.Add(MergeRule.Parse(
                line.ToString(), vocabulary, (error, reason) => new TokenizerFormatException(error, $"'{path}', line {lineNumber}: {reason}.")));
        }

        return merges;
    }
}
