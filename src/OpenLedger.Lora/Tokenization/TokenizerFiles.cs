using OpenLedger.Lora.Gguf;
using OpenLedger.Lora.Tokenization.SentencePiece;

namespace OpenLedger.Lora.Tokenization;

/// <summary>The files of a tokenizer: which a folder has, and how one is read.</summary>
internal static class TokenizerFiles
{
    public const string TokenizerJson = "tokenizer.json";
    public const string TokenizerConfigJson = "tokenizer_config.json";
    public const string VocabularyJson = "vocab.json";
    public const string MergesText = "merges.txt";
    public const string TokenizerModel = "tokenizer.model";

    private const string ChatGlmModel = "ice_text.model";

    private static readonly string[] SentencePieceNames = [TokenizerModel, "spiece.model", ChatGlmModel];

    /// <summary>The largest published tokenizer.json files (262 thousand tokens) have about 33 MB.</summary>
    public const long MaximumBytes = 64L << 20;

    /// <summary>The format nests about six levels.</summary>
    public const int MaximumDepth = 32;

    /// <summary>Reads whichever tokenizer a folder holds.</summary>
    public static Tokenizer Load(string folder, TokenizerFamily? family)
    {
        if (folder.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && File.Exists(folder))
        {
            return LoadGguf(folder);
        }

        bool Has(string name) => File.Exists(Path.Combine(folder, name));
        if (Has(TokenizerJson))
        {
            return TokenizerJsonReader.Read(folder);
        }

        TokenizerConfig config = TokenizerConfigReader.Read(folder);
        string? model = SentencePieceNames.Where(Has).Select(name => Path.Combine(folder, name)).FirstOrDefault();
        if (model is null && Directory.Exists(folder))
        {
            string[] others = [.. Directory.EnumerateFiles(folder, "*.spm")];
            model = others.Length <= 1
                ? others.FirstOrDefault()
                : throw new TokenizerFormatException(TokenizerFormatError.UnsupportedComponent, $"'{folder}' has {others.Length} .spm files; keep one.");
        }

        return model is not null ? LoadModel(model, config, family)
            : Has(VocabularyJson) ? new ByteLevelBpeTokenizer(VocabularyAndMergesReader.Read(folder, config))
            : TokenizerJsonReader.Read(folder); // which says that the file is missing
    }

    /// <summary>Reads the tokenizer in the metadata of a GGUF file.</summary>
    private static Tokenizer LoadGguf(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        GgufTokenizerData data = GgufTokenizerData.Read(file);
        if (!data.PrecompiledCharacterMap.IsEmpty)
        {
            throw new TokenizerFormatException(
                TokenizerFormatError.UnsupportedComponent, $"'{path}': 'tokenizer.ggml.precompiled_charsmap' is not implemented; load the model's own tokenizer folder.");
        }

        return GgufTokenizer.Create(new GgufVocabulary
        {
            Source = path,
            Model = data.Model,
            PreTokenizer = data.PreTokenizer,
            Tokens = data.Tokens,
            Scores = data.Scores.Count == 0 ? null : data.Scores,
            TokenTypes = data.TokenTypes.Count == 0 ? null : [.. data.TokenTypes.Select(type => (int)type)],
            Merges = data.Merges.Count == 0 ? null : data.Merges,
            BeginToken = data.BeginToken,
            EndToken = data.EndToken,
            EndOfTurnToken = data.EndOfTurnToken,
            PaddingToken = data.PaddingToken,
            AddsBeginToken = data.AddBeginToken,
            AddsEndToken = data.AddEndToken,
            AddsSpacePrefix = data.AddSpacePrefix,
            RemovesExtraSpaces = data.RemoveExtraWhitespace,
        });
    }

    /// <summary>Reads a SentencePiece model or tiktoken ranks: both go by the name <c>tokenizer.model</c>.</summary>
    public static Tokenizer LoadModel(string path, TokenizerConfig config, TokenizerFamily? family) => LoadModel(Read(path), path, config, family);

    /// <summary>Reads a SentencePiece model or tiktoken ranks from memory; the path is for messages and tells ChatGLM from ChatGLM2.</summary>
    public static Tokenizer LoadModel(ReadOnlySpan<byte> bytes, string path, TokenizerConfig config, TokenizerFamily? family)
    {
        if (TiktokenReader.IsTiktoken(bytes))
        {
            family ??= config.TokenizerClass is "ChatGLM4Tokenizer" ? TokenizerFamily.Glm4 : null;
            return new ByteLevelBpeTokenizer(TiktokenReader.Read(bytes, path, config, family));
        }

        family ??= config.TokenizerClass is not "ChatGLMTokenizer" ? null
            : Path.GetFileName(path) == ChatGlmModel ? TokenizerFamily.ChatGlm
            : TokenizerFamily.ChatGlm2;
        return family != TokenizerFamily.ChatGlm || config.ImageTokenCount == 0
            ? SentencePieceAssembly.Create(SentencePieceModelReader.Read(bytes, path), config, family)
            : throw new TokenizerFormatException(
                TokenizerFormatError.UnsupportedComponent, $"'{path}': num_image_tokens {config.ImageTokenCount} is not supported.");
    }

    /// <summary>Reads one whole file of bounded size.</summary>
    /// <exception cref="TokenizerFormatException">The file is missing or too large.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaximumBytes)
            {
                throw new TokenizerFormatException(
                    TokenizerFormatError.FileTooLarge, $"'{path}' has {stream.Length} bytes; at most {MaximumBytes} are read.");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TokenizerFormatException(TokenizerFormatError.MissingFile, $"'{path}' does not exist.", exception);
        }
    }
}
