using System.Globalization;
using System.Text;

namespace OpenLedger.Lora.Tokenization.Normalization;

/// <summary>
/// A <see cref="CharacterMap"/> as the Hugging Face library applies it: a grapheme of less than six bytes is replaced whole by what the
/// shortest key at its beginning stands for; otherwise each character by itself.
/// </summary>
internal sealed class PrecompiledNormalizer(CharacterMap map) : ITextNormalizer
{
    private const int LongestGrapheme = 6;

    public string Normalize(string text)
    {
        var normalized = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            ReadOnlySpan<char> grapheme = text.AsSpan(at, StringInfo.GetNextTextElementLength(text, at));
            at += grapheme.Length;
            if (Encoding.UTF8.GetByteCount(grapheme) < LongestGrapheme && TryAppend(grapheme, normalized))
            {
                continue;
            }

            while (!grapheme.IsEmpty)
            {
                _ = Rune.DecodeFromUtf16(grapheme, out _, out int length);
                if (!TryAppend(grapheme[..length], normalized))
                {
                    normalized.Append(grapheme[..length]);
                }

                grapheme = grapheme[length..];
            }
        }

        return normalized.ToString();
    }

    private bool TryAppend(ReadOnlySpan<char> part, StringBuilder destination)
    {
        Span<byte> bytes = stackalloc byte[LongestGrapheme];
        int count = Encoding.UTF8.GetBytes(part, bytes);
        if (!map.TryFind(bytes[..count], shortest: true, out _, out ReadOnlySpan<byte> replacement))
        {
            return false;
        }

        destination.Append(Encoding.UTF8.GetString(replacement));
        return true;
    }
}
