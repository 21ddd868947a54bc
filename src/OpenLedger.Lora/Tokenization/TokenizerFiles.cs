namespace OpenLedger.Lora.Tokenization;

/// <summary>The file names of the Hugging Face layout.</summary>
internal static class TokenizerFiles
{
    public const string TokenizerJson = "tokenizer.json";
    public const string TokenizerConfigJson = "tokenizer_config.json";
    public const string VocabularyJson = "vocab.json";
    public const string MergesText = "merges.txt";

    /// <summary>The largest published tokenizer.json files (262 thousand tokens) have about 33 MB.</summary>
    public const long MaximumBytes = 64L << 20;

    /// <summary>The format nests about six levels.</summary>
    public const int MaximumDepth = 32;

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
