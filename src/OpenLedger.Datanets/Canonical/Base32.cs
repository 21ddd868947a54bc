namespace OpenLedger.Datanets.Canonical;

/// <summary>Base32 of RFC 4648, section 6, in lower case and without padding, as multibase 'b' has it.</summary>
internal static class Base32
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Writes ceil(8 n / 5) digits for n bytes; returns how many.</summary>
    public static int Write(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        int length = 0;
        int pending = 0;
        int bits = 0;
        foreach (byte value in bytes)
        {
            pending = (pending << 8) | value;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                text[length++] = Digits[(pending >> (bits - 5)) & 31];
            }

            pending &= 31;
        }

        if (bits > 0)
        {
            text[length++] = Digits[(pending << (5 - bits)) & 31];
        }

        return length;
    }

    /// <summary>Reads what <see cref="Write"/> writes and nothing else: left-over bits must be zero and no digit superfluous.</summary>
    /// <returns><see langword="false"/> when the text is something else or longer than <paramref name="bytes"/>.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        length = 0;
        int pending = 0;
        int bits = 0;
        foreach (char digit in text)
        {
            int value = digit switch
            {
                >= 'a' and <= 'z' => digit - 'a',
                >= '2' and <= '7' => digit - '2' + 26,
                _ => -1,
            };
            if (value < 0)
            {
                return false;
            }

            pending = (pending << 5) | value;
            bits += 5;
            if (bits >= 8)
            {
                if (length == bytes.Length)
                {
                    return false;
                }

                bits -= 8;
                bytes[length++] = (byte)(pending >> bits);
                pending &= (1 << bits) - 1;
            }
        }

        return bits < 5 && pending == 0;
    }
}
