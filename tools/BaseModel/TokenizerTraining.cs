using OpenLedger.Lora.Tokenization;

namespace OpenLedger.BaseModel;

/// <summary>Trains the byte-level BPE vocabulary on a sample of the corpus.</summary>
internal static class TokenizerTraining
{
    private const int SampleSize = 60_000;

    public static ByteLevelBpeTokenizer Run(Corpus corpus, int vocabularySize, string folder)
    {
        BpeVocabulary vocabulary = BpeTrainer.Train(corpus.Texts(SampleSize), new BpeTrainerOptions
        {
            VocabularySize = vocabularySize,
            SpecialTokens = ["<|bos|>", "<|user|>", "<|assistant|>", "<|end|>"],
            Roles = new SpecialTokenNames { BeginningOfSequence = "<|bos|>", EndOfSequence = "<|end|>" },
        });
        vocabulary.Save(folder);
        return vocabulary.ToTokenizer();
    }
}
