using System.Text;
using OpenLedger.Lora.Tokenization.Normalization;

namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>What a SentencePiece model does to text before it cuts it (<c>normalizer_spec</c>).</summary>
internal sealed class SentencePieceNormalizer : ITextNormalizer
{
    /// <summary>U+2581, which stands for a space.</summary>
    public const char Space = '\u2581';

    private readonly CharacterMap? _map;
    private readonly SymbolMatcher _symbols;
    private readonly bool _addsPrefix;
    private readonly bool _removesExtraSpaces;
    private readonly char _space;

    public SentencePieceNormalizer(CharacterMap? map, SymbolMatcher symbols, bool addsPrefix, bool removesExtraSpaces, bool escapesSpaces)
    {
        _map = map;
        _symbols = symbols;
        _addsPrefix = addsPrefix;
        _removesExtraSpaces = removesExtraSpaces;
        _space = escapesSpaces ? Space : ' ';
    }

    public string Normalize(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        if (_map is null && !_removesExtraSpaces)
        {
            string escaped = text.Replace(' ', _space);
            return _addsPrefix ? string.Concat(new ReadOnlySpan<char>(in _space), escaped) : escaped;
        }

        byte[] bytes = _map is null ? [] : Encoding.UTF8.GetBytes(text);
        var normalized = new StringBuilder(text.Length + 1);
        bool wasSpace = _removesExtraSpaces;
        bool isEmpty = true;
        int byteAt = 0;
        for (int at = 0; at < text.Length;)
        {
            int length = _symbols.LongestAt(text, at);
            ReadOnlySpan<char> part;
            if (length > 0)
            {
                part = text.AsSpan(at, length);
                byteAt += _map is null ? 0 : Encoding.UTF8.GetByteCount(part);
            }
            else if (_map is not null
                && _map.TryFind(bytes.AsSpan(byteAt), shortest: false, out int keyLength, out ReadOnlySpan<byte> replacement)
                && (byteAt + keyLength == bytes.Length || (bytes[byteAt + keyLength] & 0xC0) != 0x80)) // a broken map may cut a character
            {
                length = Encoding.UTF8.GetCharCount(bytes, byteAt, keyLength);
                byteAt += keyLength;
                part = Encoding.UTF8.GetString(replacement);
            }
            else
            {
                _ = Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out length);
                byteAt += rune.Utf8SequenceLength;
                part = text.AsSpan(at, length);
            }

            at += length;
            if (isEmpty && _removesExtraSpaces && part is [' '])
            {
                continue;
            }

            if (isEmpty)
            {
                isEmpty = false;
                if (_addsPrefix)
                {
                    normalized.Append(_space);
                }
            }

            while (wasSpace && part.Length > 0 && part[0] == ' ')
            {
                part = part[1..];
            }

            foreach (char character in part)
            {
                normalized.Append(character == ' ' ? _space : character);
            }

            wasSpace = _removesExtraSpaces && (part.Length > 0 ? part[^1] == ' ' : wasSpace);
        }

        int end = normalized.Length;
        while (_removesExtraSpaces && end > 0 && normalized[end - 1] == _space)
        {
            end--;
        }

        return normalized.ToString(0, end);
    }
}
