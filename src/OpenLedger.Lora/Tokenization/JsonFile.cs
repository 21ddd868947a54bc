using System.Text.Json;

namespace OpenLedger.Lora.Tokenization;

/// <summary>One JSON file of bounded size and depth; every fault in it is a <see cref="TokenizerFormatException"/>.</summary>
internal sealed class JsonFile : IDisposable
{
    private readonly JsonDocument _document;

    private JsonFile(JsonDocument document, string path)
    {
        _document = document;
        Root = new JsonField(document.RootElement, path, "the document");
    }

    public JsonField Root { get; }

    public static JsonFile Open(string path)
    {
        byte[] bytes = TokenizerFiles.Read(path);
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        int start = bytes.AsSpan().StartsWith(byteOrderMark) ? byteOrderMark.Length : 0;
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = TokenizerFiles.MaximumDepth };
            return new JsonFile(JsonDocument.Parse(bytes.AsMemory(start), options), path);
        }
        catch (JsonException exception)
        {
            throw new TokenizerFormatException(TokenizerFormatError.MalformedFile, $"'{path}': {exception.Message}", exception);
        }
    }

    public void Dispose() => _document.Dispose();
}
