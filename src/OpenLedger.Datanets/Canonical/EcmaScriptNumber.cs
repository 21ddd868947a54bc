using System.Buffers;
using System.Globalization;

namespace OpenLedger.Datanets.Canonical;

/// <summary>Spells doubles as ECMAScript does (ECMA-262, Number::toString with radix 10), which RFC 8785 prescribes.</summary>
internal static class EcmaScriptNumber
{
    // 17 digits, sign, point, and either 21 - 17 trailing or 6 leading zeros or "e-324".
    private const int MaxLength = 32;

    /// <summary>Writes a finite value in ASCII.</summary>
    public static void Write(ArrayBufferWriter<byte> output, double value) => output.Advance(Write(output.GetSpan(MaxLength), value));

    /// <summary>Writes a finite value in ASCII to at least 32 bytes and returns its length.</summary>
    public static int Write(Span<byte> text, double value)
    {
        if (value == Math.Truncate(value) && Math.Abs(value) < 1L << 53)
        {
            ((long)value).TryFormat(text, out int integerLength, default, CultureInfo.InvariantCulture); // -0 becomes 0, as it must
            return integerLength;
        }

        int length = 0;
        if (value < 0)
        {
            text[length++] = (byte)'-';
            value = -value;
        }

        Span<byte> digits = stackalloc byte[MaxLength];
        int digitCount = ShortestDigits(value, digits, out int pointPosition);
        digits = digits[..digitCount];
        return length + pointPosition switch
        {
            > 21 or <= -6 => WriteExponential(text[length..], digits, pointPosition - 1),
            <= 0 => WriteSmall(text[length..], digits, -pointPosition),
            _ when digitCount <= pointPosition => WriteInteger(text[length..], digits, pointPosition),
            _ => WriteDecimal(text[length..], digits, pointPosition),
        };
    }

    /// <summary>
    /// The shortest digits d1 d2 … dk that read back as <paramref name="value"/>, so that value = 0.d1d2…dk × 10^pointPosition.
    /// The runtime's round-trip format finds them; only its layout differs.
    /// </summary>
    private static int ShortestDigits(double value, Span<byte> digits, out int pointPosition)
    {
        Span<byte> text = stackalloc byte[64];
        value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> mantissa = text[..length];
        int exponent = 0;
        int exponentAt = mantissa.IndexOf((byte)'E');
        if (exponentAt >= 0)
        {
            exponent = int.Parse(mantissa[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..exponentAt];
        }

        int point = mantissa.IndexOf((byte)'.');
        pointPosition = (point < 0 ? mantissa.Length : point) + exponent;
        int count = 0;
        foreach (byte character in mantissa)
        {
            if (character == '.')
            {
                continue;
            }

            if (count == 0 && character == '0')
            {
                pointPosition--; // a leading zero carries no digit
                continue;
            }

            digits[count++] = character;
        }

        while (count > 1 && digits[count - 1] == '0')
        {
            count--;
        }

        return count;
    }

    private static int WriteInteger(Span<byte> text, ReadOnlySpan<byte> digits, int pointPosition)
    {
        digits.CopyTo(text);
        text[digits.Length..pointPosition].Fill((byte)'0');
        return pointPosition;
    }

    private static int WriteDecimal(Span<byte> text, ReadOnlySpan<byte> digits, int pointPosition)
    {
        digits[..pointPosition].CopyTo(text);
        text[pointPosition] = (byte)'.';
        digits[pointPosition..].CopyTo(text[(pointPosition + 1)..]);
        return digits.Length + 1;
    }

    private static int WriteSmall(Span<byte> text, ReadOnlySpan<byte> digits, int leadingZeros)
    {
        "0."u8.CopyTo(text);
        text.Slice(2, leadingZeros).Fill((byte)'0');
        digits.CopyTo(text[(2 + leadingZeros)..]);
        return 2 + leadingZeros + digits.Length;
    }

    private static int WriteExponential(Span<byte> text, ReadOnlySpan<byte> digits, int exponent)
    {
        int length = 0;
        text[length++] = digits[0];
        if (digits.Length > 1)
        {
            text[length++] = (byte)'.';
            digits[1..].CopyTo(text[length..]);
            length += digits.Length - 1;
        }

        text[length++] = (byte)'e';
        text[length++] = exponent < 0 ? (byte)'-' : (byte)'+';
        Math.Abs(exponent).TryFormat(text[length..], out int written, default, CultureInfo.InvariantCulture);
        return length + written;
    }
}
