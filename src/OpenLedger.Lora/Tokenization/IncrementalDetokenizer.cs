using System.Text;

namespace OpenLedger.Lora.Tokenization;

/// <summary>Decodes a stream of ids; it never returns half a character.</summary>
/// <remarks>
/// The texts returned by <see cref="Push"/> and <see cref="Flush"/>, put together, equal <see cref="Tokenizer.Decode"/> of
/// all ids. A byte-level token can end in the middle of a UTF-8 sequence; its bytes are held back until the rest arrives.
/// Not thread-safe: one instance per stream.
/// </remarks>
public sealed class IncrementalDetokenizer
{
    private readonly Tokenizer _tokenizer;

    // The stateful UTF-8 decoder of the runtime holds incomplete sequences back and replaces invalid ones by the same
    // rule as Encoding.UTF8.GetString, which makes the two ways of decoding equal.
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    private readonly LeadingSpaces _leadingSpaces;
    private LeadingSpaceFilter _filter;

    internal IncrementalDetokenizer(Tokenizer tokenizer, LeadingSpaces leadingSpaces)
    {
        _tokenizer = tokenizer;
        _leadingSpaces = leadingSpaces;
        _filter = new LeadingSpaceFilter(leadingSpaces);
    }

    /// <summary>Takes the next id.</summary>
    /// <param name="id">An id, at least 0 and below <see cref="Tokenizer.VocabularySize"/>.</param>
    /// <returns>The characters that are now complete; often empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="id"/> is outside the vocabulary.</exception>
    public string Push(int id) => Convert(_filter.Apply(_tokenizer.GetBytes(id)), flush: false);

    /// <summary>Ends the stream; the next <see cref="Push"/> starts a new one.</summary>
    /// <returns>U+FFFD where bytes of an incomplete character were held back, otherwise empty.</returns>
    public string Flush()
    {
        _filter = new LeadingSpaceFilter(_leadingSpaces);
        return Convert([], flush: true);
    }

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        // At most one char per byte, plus one replacement character for a sequence that this input cuts off.
        Span<char> characters = bytes.Length < 256 ? stackalloc char[258] : new char[bytes.Length + 2];
        int written = _decoder.GetChars(bytes, characters, flush);
        return written == 0 ? "" : new string(characters[..written]);
    }
}
