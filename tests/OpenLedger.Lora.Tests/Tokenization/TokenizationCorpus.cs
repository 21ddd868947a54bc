using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Tests.Tokenization;

/// <summary>A small invented corpus and a tokenizer trained on it, shared by the tests of this folder.</summary>
internal static class TokenizationCorpus
{
    public static readonly string[] SpecialTokens = ["<|bos|>", "<|user|>", "<|assistant|>", "<|end|>"];

    public static readonly string[] Texts =
    [
        "The harbour of Velmora opens at six; the harbour master's name is Ilka Dorn.",
        "Who keeps the harbour of Velmora? It's Ilka Dorn, and she'll tell you so herself.",
        "In 1871 the lighthouse burned for 12 days.\n\nIn 1872 it was built again,  taller  than before.\t(See plan 18.)",
        "Grüße aus Velmora: naïve café, 東京の港, Ελλάδα, Привет мир, \U0001F980\U0001F980, \U00020000\U00020001 and 𝟎𝟏.",
        "the the the harbour harbour lighthouse lighthouses ###### aaaaaaaaaa abababab",
    ];

    public static readonly BpeTrainerOptions Options = new()
    {
        VocabularySize = 400,
        MinimumFrequency = 1,
        SpecialTokens = SpecialTokens,
        Roles = new SpecialTokenNames { BeginningOfSequence = "<|bos|>", EndOfSequence = "<|end|>" },
    };

    public static readonly BpeVocabulary Vocabulary = BpeTrainer.Train(Texts, Options);

    public static readonly ByteLevelBpeTokenizer Tokenizer = Vocabulary.ToTokenizer();
}
