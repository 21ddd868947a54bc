using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;

namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>
/// The form in which texts are cut into shingles: lower case, punctuation and diacritics dropped, each run of digits a zero, white space
/// one or more spaces. datatrove's <c>simplify_text</c>, with general categories in place of its list of punctuation. Not the key of exact
/// duplicates, which forgives less.
/// </summary>
/// <remarks>Rented memory: dispose it. Not safe for concurrent use.</remarks>
internal ref struct ComparableText
{
    /// <summary>Bytes behind the end that may be read: the widest load of a reader.</summary>
    public const int Padding = 64;

    private readonly bool _ignoresNumbers;
    private readonly ScalarForms _forms;
    private byte[] _bytes;
    private int _length;
    private bool _isInNumber;

    private ComparableText(int capacity, bool ignoresNumbers, ScalarForms forms)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(capacity + (2 * Padding));
        _ignoresNumbers = ignoresNumbers;
        _forms = forms;
    }

    /// <summary>The text; spaces may repeat, and one stands at the end.</summary>
    public readonly ReadOnlySpan<byte> Content => _bytes.AsSpan(0, _length);

    /// <summary>The text and <see cref="Padding"/> bytes of no meaning.</summary>
    public readonly ReadOnlySpan<byte> Padded => _bytes.AsSpan(0, _length + Padding);

    /// <summary>Brings a text into its form.</summary>
    /// <param name="utf8">Any bytes; what is not UTF-8 counts as U+FFFD.</param>
    /// <param name="options">Which differences are ignored.</param>
    public static ComparableText Of(ReadOnlySpan<byte> utf8, MinHashOptions options)
    {
        bool keepsMarks = !options.IgnoreDiacritics || options.Tokens == ShingleTokens.Syllables;
        if (keepsMarks && !Ascii.IsValid(utf8))
        {
            // Marks that count must be composed in one way first.
            byte[] composed = Encoding.UTF8.GetBytes(TextNormalizer.Normalize(Encoding.UTF8.GetString(utf8)));
            ComparableText kept = new(composed.Length, options.IgnoreNumbers, ScalarForms.Kept);
            kept.Append(composed);
            return kept;
        }

        ComparableText text = new(utf8.Length, options.IgnoreNumbers, ScalarForms.Stripped);
        text.Append(utf8);
        return text;
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
            _length = 0;
        }
    }

    private void Append(ReadOnlySpan<byte> utf8)
    {
        int at = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            while (at + Vector128<byte>.Count <= utf8.Length)
            {
                // Takes up to 16 letters and spaces at once: the whole block is written, and what follows the first other byte is
                // overwritten by the next round.
                Vector128<byte> block = Vector128.Create(utf8[at..]);
                Vector128<byte> lower = block | Vector128.Create((byte)0x20);
                Vector128<byte> isPlain = Vector128.LessThan(lower - Vector128.Create((byte)'a'), Vector128.Create((byte)26))
                    | Vector128.Equals(block, Vector128.Create((byte)' '));
                int plain = BitOperations.TrailingZeroCount(~Vector128.ExtractMostSignificantBits(isPlain));
                plain = Math.Min(plain, Vector128<byte>.Count);
                Reserve(utf8.Length - at);
                lower.CopyTo(_bytes.AsSpan(_length));
                if (plain > 0)
                {
                    at += plain;
                    _length += plain;
                    _isInNumber = false;
                }

                if (plain < Vector128<byte>.Count)
                {
                    at += AppendOne(utf8[at..]);
                }
            }
        }

        while (at < utf8.Length)
        {
            Reserve(utf8.Length - at);
            at += AppendOne(utf8[at..]);
        }

        Reserve(0);
        AppendByte((byte)' ');
    }

    private int AppendOne(ReadOnlySpan<byte> utf8)
    {
        byte first = utf8[0];
        if (first < 0x80)
        {
            if (char.IsAsciiDigit((char)first))
            {
                AppendDigit(first);
            }
            else if (char.IsAsciiLetter((char)first))
            {
                AppendByte((byte)(first | 0x20));
            }
            else if (first is 0x20 or (>= 9 and <= 13) or (>= 0x1C and <= 0x1F))
            {
                AppendByte((byte)' ');
            }

            return 1;
        }

        Rune.DecodeFromUtf8(utf8, out Rune rune, out int consumed);
        ReadOnlySpan<byte> form = _forms.Find(rune);
        switch (form[0])
        {
            case ScalarForms.Space:
                AppendByte((byte)' ');
                break;
            case ScalarForms.Digit:
                AppendDigit((byte)('0' + System.Globalization.CharUnicodeInfo.GetDecimalDigitValue(rune.ToString(), 0)));
                break;
            case ScalarForms.Letters:
                AppendBytes(form[1..], isLone: false);
                break;
            case ScalarForms.LoneWord:
                AppendBytes(form[1..], isLone: true);
                break;
        }

        return consumed;
    }

    private void AppendDigit(byte digit)
    {
        if (!_ignoresNumbers)
        {
            AppendByte(digit);
        }
        else if (!_isInNumber)
        {
            AppendByte((byte)'0');
            _isInNumber = true;
        }
    }

    private void AppendByte(byte value)
    {
        _bytes[_length++] = value;
        _isInNumber = false;
    }

    private void AppendBytes(ReadOnlySpan<byte> bytes, bool isLone)
    {
        Debug.Assert(bytes.Length + 2 <= Padding);
        _isInNumber = false;
        if (isLone)
        {
            _bytes[_length++] = (byte)' ';
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        if (isLone)
        {
            _bytes[_length++] = (byte)' ';
        }
    }

    /// <summary>Makes room for the widest step, for the rest at its usual size, and for the padding.</summary>
    private void Reserve(int rest)
    {
        if (_bytes.Length - _length < (2 * Padding))
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(checked(_length + (2 * rest) + (4 * Padding)));
            Content.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
    }
}
