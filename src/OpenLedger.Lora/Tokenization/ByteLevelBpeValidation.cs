namespace OpenLedger.Lora.Tokenization;

/// <summary>Checks that the parts of a byte-level BPE tokenizer fit together, so that encoding and decoding cannot fail later.</summary>
internal static class ByteLevelBpeValidation
{
    /// <summary>The number of ids, of the vocabulary and the added tokens together.</summary>
    public static int CountIds(ByteLevelBpeDefinition definition) =>
        definition.Vocabulary.Count + definition.AddedTokens.Count(token => !definition.Vocabulary.ContainsKey(token.Content));

    /// <exception cref="TokenizerFormatException">The parts contradict each other.</exception>
    public static void Check(ByteLevelBpeDefinition definition)
    {
        CheckAddedTokens(definition);
        CheckIds(definition);
        CheckBytes(definition);
        CheckMerges(definition);
    }

    private static void CheckAddedTokens(ByteLevelBpeDefinition definition)
    {
        var contents = new HashSet<string>(StringComparer.Ordinal);
        foreach (AddedToken token in definition.AddedTokens)
        {
            if (token.Content.Length == 0 || !contents.Add(token.Content))
            {
                throw Fault(definition, TokenizerFormatError.InvalidAddedToken, $"added token '{token.Content}' is empty or listed twice");
            }

            if (definition.Vocabulary.TryGetValue(token.Content, out int id) && id != token.Id)
            {
                throw Fault(
                    definition, TokenizerFormatError.InvalidAddedToken, $"added token '{token.Content}' has id {token.Id}, but {id} in the vocabulary");
            }

            if (token.IsControl && token.Content.Length == 1 && ByteAlphabet.TryToByte(token.Content[0], out _))
            {
                throw Fault(
                    definition,
                    TokenizerFormatError.InvalidAddedToken,
                    $"special token '{token.Content}' is a byte of the alphabet: ordinary text would become a control token");
            }
        }
    }

    private static void CheckIds(ByteLevelBpeDefinition definition)
    {
        int count = CountIds(definition);
        var used = new bool[count];
        IEnumerable<(string Token, int Id)> tokens = definition.Vocabulary.Select(token => (token.Key, token.Value)).Concat(
            definition.AddedTokens.Where(token => !definition.Vocabulary.ContainsKey(token.Content)).Select(token => (token.Content, token.Id)));
        foreach ((string token, int id) in tokens)
        {
            if (token.Length == 0 || (uint)id >= (uint)count || used[id])
            {
                throw Fault(
                    definition,
                    TokenizerFormatError.InvalidVocabulary,
                    $"token '{token}' has id {id}; {count} tokens must use each of 0 to {count - 1} once");
            }

            used[id] = true;
        }
    }

    private static void CheckBytes(ByteLevelBpeDefinition definition)
    {
        for (int value = 0; value < 256; value++)
        {
            char character = ByteAlphabet.ToCharacter((byte)value);
            bool isToken = definition.Vocabulary.ContainsKey(character.ToString()) && !definition.UnusedTokens.Contains(character.ToString());
            if (!ByteAlphabet.IsRare((byte)value) && !isToken)
            {
                throw Fault(
                    definition,
                    TokenizerFormatError.InvalidVocabulary,
                    $"byte 0x{value:X2} ('{character}') is not a token, so some text could not be encoded");
            }
        }
    }

    private static void CheckMerges(ByteLevelBpeDefinition definition)
    {
        var seen = new HashSet<(string, string)>(definition.Merges?.Count ?? 0);
        foreach ((string left, string right) in definition.Merges ?? [])
        {
            bool isMerge = left.Length > 0 && right.Length > 0
                && ByteAlphabet.TryDecode(left) is not null && ByteAlphabet.TryDecode(right) is not null
                && definition.Vocabulary.ContainsKey(left) && definition.Vocabulary.ContainsKey(right)
                && definition.Vocabulary.ContainsKey(left + right);
            if (!isMerge || !seen.Add((left, right)))
            {
                throw Fault(
                    definition,
                    TokenizerFormatError.InvalidMerge,
                    $"merge '{left}' + '{right}' is listed twice, or its parts or its result are not byte-level tokens of the vocabulary");
            }
        }
    }

    private static TokenizerFormatException Fault(ByteLevelBpeDefinition definition, TokenizerFormatError error, string reason) =>
        new(error, $"{definition.Source}: {reason}.");
}
