using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace OpenLedger.Datanets.Canonical;

/// <summary>Brings JSON text into its canonical form in one pass over its UTF-8, without a tree of elements.</summary>
/// <remarks>
/// Not a judge: it answers "no" to whatever is wrong or rare (a name that needs escapes, a number out of range, a repeated name), and
/// <see cref="CanonicalJson"/> then takes the path over elements, which either finds the form or says what is wrong. What it does
/// answer is that form, byte for byte.
/// </remarks>
internal ref struct Utf8Canonicalizer
{
    private const int LongestNumber = 32;
    private const int MembersOnStack = 32;
    private const int LargestInsertionSort = 24; // a sort that allocates nothing; quadratic, hence the bound

    // Any decimal of so many digits reads back from the nearest double as itself (DBL_DIG), so that none shorter stands for it.
    private const int ExactDigits = 15;

    private static readonly SearchValues<byte> EndOfRun = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _refuseInexactIntegers;
    private int _at;
    private byte[] _output;
    private int _length;
    private Span<Member> _members; // of the objects that are open, innermost last
    private int _memberCount;

    private Utf8Canonicalizer(ReadOnlySpan<byte> json, bool refuseInexactIntegers, Span<Member> members)
    {
        _json = json;
        _refuseInexactIntegers = refuseInexactIntegers;
        _members = members;
        _output = ArrayPool<byte>.Shared.Rent(json.Length + LongestNumber);
    }

    /// <summary>Canonicalises <paramref name="json"/>.</summary>
    /// <param name="json">Any bytes.</param>
    /// <param name="refuseInexactIntegers">Whether an integer that a double would round makes the answer "no".</param>
    /// <param name="canonical">The canonical UTF-8 in a new array; empty when the answer is "no".</param>
    public static bool TryCanonicalize(ReadOnlySpan<byte> json, bool refuseInexactIntegers, out byte[] canonical)
    {
        canonical = [];
        if (json.Length > int.MaxValue / 2 || !Utf8.IsValid(json))
        {
            return false;
        }

        Utf8Canonicalizer self = new(json, refuseInexactIntegers, stackalloc Member[MembersOnStack]);
        try
        {
            self.SkipSpace();
            if (!self.Value(depth: 0))
            {
                return false;
            }

            self.SkipSpace();
            if (self._at != json.Length)
            {
                return false;
            }

            canonical = self._output.AsSpan(0, self._length).ToArray();
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(self._output);
        }
    }

    private readonly int Current => _at < _json.Length ? _json[_at] : -1;

    private void Put(byte value) => _output[_length++] = value;

    private void SkipSpace()
    {
        while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _at++;
        }
    }

    private bool Value(int depth) => Current switch
    {
        '"' => Text(out _),
        '{' => depth < CanonicalJson.MaxDepth && Object(depth),
        '[' => depth < CanonicalJson.MaxDepth && Array(depth),
        't' => Literal("true"u8),
        'f' => Literal("false"u8),
        'n' => Literal("null"u8),
        '-' or (>= '0' and <= '9') => Number(),
        _ => false,
    };

    private bool Literal(ReadOnlySpan<byte> word)
    {
        if (!_json[_at..].StartsWith(word))
        {
            return false;
        }

        Copy(word.Length);
        return true;
    }

    private void Copy(int count)
    {
        _json.Slice(_at, count).CopyTo(_output.AsSpan(_length));
        _at += count;
        _length += count;
    }

    private bool Array(int depth)
    {
        Copy(1);
        SkipSpace();
        if (Current == ']')
        {
            Copy(1);
            return true;
        }

        while (true)
        {
            if (!Value(depth + 1))
            {
                return false;
            }

            SkipSpace();
            switch (Current)
            {
                case ',':
                    Copy(1);
                    SkipSpace();
                    break;
                case ']':
                    Copy(1);
                    return true;
                default:
                    return false;
            }
        }
    }

    private bool Object(int depth)
    {
        Copy(1);
        SkipSpace();
        if (Current == '}')
        {
            Copy(1);
            return true;
        }

        int firstMember = _memberCount;
        bool isSorted = true;
        while (true)
        {
            int start = _length;
            if (Current != '"' || !Text(out bool isEscaped) || isEscaped)
            {
                return false; // escapes would spoil the comparison of names as bytes
            }

            int nameEnd = _length;
            SkipSpace();
            if (Current != ':')
            {
                return false;
            }

            Copy(1);
            SkipSpace();
            if (!Value(depth + 1))
            {
                return false;
            }

            Push(new Member(start, nameEnd, _length));
            if (_memberCount - firstMember > 1 && isSorted)
            {
                int order = CompareNames(_output, _members[_memberCount - 2], _members[_memberCount - 1]);
                if (order == 0)
                {
                    return false;
                }

                isSorted = order < 0;
            }

            SkipSpace();
            if (Current == ',')
            {
                Copy(1);
                SkipSpace();
                continue;
            }

            if (Current != '}' || (!isSorted && !SortMembers(_members[firstMember.._memberCount])))
            {
                return false;
            }

            _memberCount = firstMember;
            Copy(1);
            return true;
        }
    }

    private void Push(Member member)
    {
        if (_memberCount == _members.Length)
        {
            Member[] more = new Member[2 * _members.Length];
            _members.CopyTo(more);
            _members = more;
        }

        _members[_memberCount++] = member;
    }

    /// <summary>Writes the members of the object that ends here in the order of their names; "no" when a name occurs twice.</summary>
    private readonly bool SortMembers(Span<Member> members)
    {
        int start = members[0].Start;
        int length = _length - start;
        byte[] output = _output;
        if (members.Length > LargestInsertionSort)
        {
            members.Sort((left, right) => CompareNames(output, left, right));
        }
        else
        {
            for (int i = 1; i < members.Length; i++)
            {
                Member member = members[i];
                int hole = i;
                for (; hole > 0 && CompareNames(output, members[hole - 1], member) > 0; hole--)
                {
                    members[hole] = members[hole - 1];
                }

                members[hole] = member;
            }
        }

        byte[] unsorted = ArrayPool<byte>.Shared.Rent(length);
        output.AsSpan(start, length).CopyTo(unsorted);
        bool isUnique = true;
        int end = start;
        for (int i = 0; i < members.Length; i++)
        {
            if (i > 0)
            {
                // The names in the output are being overwritten; those in the copy are not.
                isUnique &= CompareNames(unsorted, members[i - 1].MovedBy(-start), members[i].MovedBy(-start)) != 0;
                output[end++] = (byte)',';
            }

            ReadOnlySpan<byte> member = unsorted.AsSpan(members[i].Start - start, members[i].End - members[i].Start);
            member.CopyTo(output.AsSpan(end));
            end += member.Length;
        }

        ArrayPool<byte>.Shared.Return(unsorted);
        return isUnique;
    }

    /// <summary>
    /// Orders names by their UTF-16 code units. UTF-8 orders by code points, which differs in one way: pairs of surrogates (bytes F0 to
    /// F4) come before U+E000 to U+FFFF (bytes EE and EF).
    /// </summary>
    private static int CompareNames(byte[] output, Member left, Member right)
    {
        ReadOnlySpan<byte> a = output.AsSpan(left.Start + 1, left.NameEnd - left.Start - 2);
        ReadOnlySpan<byte> b = output.AsSpan(right.Start + 1, right.NameEnd - right.Start - 2);
        int common = a.CommonPrefixLength(b);
        if (common == a.Length || common == b.Length)
        {
            return a.Length - b.Length;
        }

        int first = a[common];
        int second = b[common];
        bool differsFromUtf16 = first >= 0xEE && second >= 0xEE && first >= 0xF0 != second >= 0xF0;
        return differsFromUtf16 ? second - first : first - second;
    }

    private bool Text(out bool isEscaped)
    {
        isEscaped = false;
        Copy(1);
        while (true)
        {
            int run = _json[_at..].IndexOfAny(EndOfRun);
            if (run < 0)
            {
                return false;
            }

            Copy(run);
            switch (_json[_at])
            {
                case (byte)'"':
                    Copy(1);
                    return true;
                case (byte)'\\' when Escape(ref isEscaped):
                    break;
                default:
                    return false;
            }
        }
    }

    private bool Escape(ref bool isEscaped)
    {
        if (_at + 1 == _json.Length)
        {
            return false;
        }

        switch (_json[_at + 1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                Copy(2);
                isEscaped = true;
                return true;
            case (byte)'/':
                _at++;
                Copy(1);
                return true;
            case (byte)'u':
                return UnicodeEscape(ref isEscaped);
            default:
                return false;
        }
    }

    private bool UnicodeEscape(ref bool isEscaped)
    {
        if (!TryCodeUnit(out int unit))
        {
            return false;
        }

        if (unit is < 0x20 or '"' or '\\')
        {
            _length += CanonicalJson.WriteEscape(_output.AsSpan(_length), (char)unit);
            isEscaped = true;
            return true;
        }

        if (char.IsHighSurrogate((char)unit) && Current == '\\' && _at + 1 < _json.Length && _json[_at + 1] == 'u' && TryCodeUnit(out int low))
        {
            if (!char.IsLowSurrogate((char)low))
            {
                return false;
            }

            unit = char.ConvertToUtf32((char)unit, (char)low);
        }

        if (!Rune.TryCreate(unit, out Rune rune))
        {
            return false; // half a surrogate pair
        }

        _length += rune.EncodeToUtf8(_output.AsSpan(_length));
        return true;
    }

    /// <summary>Reads the escape of a code unit, of which backslash and 'u' are known to be there.</summary>
    private bool TryCodeUnit(out int unit)
    {
        unit = 0;
        if (_json.Length - _at < 6)
        {
            return false;
        }

        foreach (byte digit in _json.Slice(_at + 2, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }

            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        _at += 6;
        return true;
    }

    private bool Number()
    {
        ReadOnlySpan<byte> text = _json[_at..];
        bool isNegative = text[0] == '-';
        int start = isNegative ? 1 : 0;
        int integerDigits = CountDigits(text[start..]);
        if (integerDigits == 0 || (integerDigits > 1 && text[start] == '0'))
        {
            return false;
        }

        int length = start + integerDigits;
        int fractionDigits = 0;
        if (length < text.Length && text[length] == '.')
        {
            fractionDigits = CountDigits(text[(length + 1)..]);
            if (fractionDigits == 0)
            {
                return false;
            }

            length += 1 + fractionDigits;
        }

        bool hasExponent = length < text.Length && text[length] is (byte)'e' or (byte)'E';
        if (hasExponent)
        {
            length++;
            length += length < text.Length && text[length] is (byte)'+' or (byte)'-' ? 1 : 0;
            int exponentDigits = CountDigits(text[length..]);
            if (exponentDigits == 0)
            {
                return false;
            }

            length += exponentDigits;
        }

        text = text[..length];
        if (!hasExponent && integerDigits + fractionDigits <= ExactDigits && IsShortest(text, start, integerDigits, fractionDigits))
        {
            Copy(length);
            return true;
        }

        return Respell(text, isInteger: !hasExponent && fractionDigits == 0);
    }

    /// <summary>Whether a number of at most <see cref="ExactDigits"/> digits and no exponent is spelled as ECMAScript would.</summary>
    private static bool IsShortest(ReadOnlySpan<byte> text, int start, int integerDigits, int fractionDigits)
    {
        if (fractionDigits == 0)
        {
            return start == 0 || text[1] != '0'; // 0 has no sign
        }

        // No zero at the end, and not below 0.000001, where exponents begin.
        return text[^1] != '0' && (integerDigits > 1 || text[start] != '0' || text[(start + 2)..].IndexOfAnyExcept((byte)'0') <= 5);
    }

    private bool Respell(ReadOnlySpan<byte> text, bool isInteger)
    {
        if (!Utf8Parser.TryParse(text, out double value, out int consumed) || consumed != text.Length || !double.IsFinite(value)
            || (_refuseInexactIntegers && isInteger && Math.Abs(value) > CanonicalJson.MaxSafeInteger))
        {
            return false;
        }

        // The only place where the output can be longer than what was read.
        int needed = _length + LongestNumber + (_json.Length - _at);
        if (needed > _output.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, checked(2 * _output.Length)));
            _output.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_output);
            _output = larger;
        }

        _length += EcmaScriptNumber.Write(_output.AsSpan(_length), value);
        _at += text.Length;
        return true;
    }

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        int count = 0;
        while (count < text.Length && (uint)(text[count] ^ '0') <= 9) // '0' to '9' are 30 to 39
        {
            count++;
        }

        return count;
    }

    /// <summary>A member in the output: from the quote before its name, over the quote after it, to the end of its value.</summary>
    private readonly record struct Member(int Start, int NameEnd, int End)
    {
        public Member MovedBy(int distance) => new(Start + distance, NameEnd + distance, End + distance);
    }
}
