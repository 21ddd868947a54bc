namespace OpenLedger.Datanets.Formats;

/// <summary>Recognises the numbers of RFC 8259 without reading them.</summary>
internal static class JsonNumberText
{
    /// <summary><c>-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?</c>, whole text.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text, out bool isInteger)
    {
        isInteger = false;
        int i = text.Length > 0 && text[0] == (byte)'-' ? 1 : 0;
        int digits = Digits(text, i);
        if (digits == 0 || (digits > 1 && text[i] == (byte)'0'))
        {
            return false;
        }

        i += digits;
        isInteger = i == text.Length;
        if (i < text.Length && text[i] == (byte)'.')
        {
            digits = Digits(text, i + 1);
            if (digits == 0)
            {
                return false;
            }

            i += 1 + digits;
        }

        if (i < text.Length && (text[i] is (byte)'e' or (byte)'E'))
        {
            i++;
            i += i < text.Length && (text[i] is (byte)'+' or (byte)'-') ? 1 : 0;
            digits = Digits(text, i);
            if (digits == 0)
            {
                return false;
            }

            i += digits;
        }

        return i == text.Length;
    }

    private static int Digits(ReadOnlySpan<byte> text, int start)
    {
        int end = start;
        while (end < text.Length && char.IsAsciiDigit((char)text[end]))
        {
            end++;
        }

        return end - start;
    }
}
