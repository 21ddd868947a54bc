using System.Globalization;
using System.Text;

namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>
/// Compiles the regular expressions that occur in tokenizer files: characters, classes (nested ones too), general categories,
/// groups, alternatives, quantifiers (greedy, lazy, possessive), lookahead and <c>(?i:…)</c>. Anything else is refused by name.
/// </summary>
internal sealed class UnicodePatternParser
{
    private const int LongestSource = 4096;
    private const int LongestProgram = 4096;
    private const int DeepestNesting = 32;
    private const int Unbounded = -1;

    private readonly int[] _source;
    private readonly string _text;
    private int _at;
    private int _depth;
    private bool _ignoresCase;

    private UnicodePatternParser(string source)
    {
        _text = source.Length <= LongestSource ? source : throw new FormatException($"it has {source.Length} characters; at most {LongestSource} are read");
        _source = [.. source.EnumerateRunes().Select(rune => rune.Value)];
    }

    public static UnicodeInstruction[] Compile(string source)
    {
        var parser = new UnicodePatternParser(source);
        List<UnicodeInstruction> program = parser.Alternatives();
        if (parser._at < parser._source.Length)
        {
            throw parser.Fault("a closing parenthesis without its opening one");
        }

        program.Add(new UnicodeInstruction(UnicodeOperation.Accept));
        return [.. program];
    }

    private List<UnicodeInstruction> Alternatives()
    {
        if (++_depth > DeepestNesting)
        {
            throw Fault($"more than {DeepestNesting} nested groups");
        }

        List<List<UnicodeInstruction>> choices = [Sequence()];
        while (Peek() == '|')
        {
            _at++;
            choices.Add(Sequence());
        }

        _depth--;
        List<UnicodeInstruction> result = choices[^1];
        for (int i = choices.Count - 2; i >= 0; i--)
        {
            result =
            [
                new UnicodeInstruction(UnicodeOperation.Fork, 1, choices[i].Count + 2), .. choices[i],
                new UnicodeInstruction(UnicodeOperation.Jump, result.Count + 1), .. result,
            ];
        }

        return Limited(result);
    }

    private List<UnicodeInstruction> Sequence()
    {
        var result = new List<UnicodeInstruction>();
        while (Peek() is int next and not '|' and not ')' and >= 0)
        {
            _at++;
            result.AddRange(Quantified(Atom(next)));
            Limited(result);
        }

        return result;
    }

    private List<UnicodeInstruction> Atom(int first) => first switch
    {
        '(' => Group(),
        '[' => One(Class()),
        '\\' => One(Escape()),
        '.' => One(new CharacterSet { IsNegated = true }, '\n'),
        '^' or '$' => throw Fault($"the anchor '{(char)first}'"),
        '*' or '+' or '?' => throw Fault("a quantifier without anything before it"),
        _ => One(new CharacterSet(), first),
    };

    private List<UnicodeInstruction> Group()
    {
        bool outer = _ignoresCase;
        UnicodeOperation? assertion = null;
        if (Peek() == '?')
        {
            _at++;
            switch (Next())
            {
                case ':':
                    break;
                case '=':
                    assertion = UnicodeOperation.Ahead;
                    break;
                case '!':
                    assertion = UnicodeOperation.NotAhead;
                    break;
                case '>':
                    assertion = UnicodeOperation.Atomic;
                    break;
                case 'i' when Next() == ':':
                    _ignoresCase = true;
                    break;
                default:
                    throw Fault("a group with these options");
            }
        }

        List<UnicodeInstruction> inner = Alternatives();
        if (Next() != ')')
        {
            throw Fault("a group without its end");
        }

        _ignoresCase = outer;
        return assertion is { } operation ? Enclosed(operation, inner) : inner;
    }

    private List<UnicodeInstruction> Quantified(List<UnicodeInstruction> atom)
    {
        while (true)
        {
            (int least, int most) = (1, 1);
            bool isCounted = false;
            switch (Peek())
            {
                case '*':
                    (least, most) = (0, Unbounded);
                    break;
                case '+':
                    (least, most) = (1, Unbounded);
                    break;
                case '?':
                    (least, most) = (0, 1);
                    break;
                case '{':
                    isCounted = true;
                    break;
                default:
                    return atom;
            }

            _at++;
            if (isCounted)
            {
                (least, most) = Counts();
            }

            bool isLazy = Peek() == '?';
            bool isPossessive = Peek() == '+';
            _at += isLazy || isPossessive ? 1 : 0;
            atom = Repeated(atom, least, most, isLazy);
            atom = isPossessive ? Enclosed(UnicodeOperation.Atomic, atom) : atom;
        }
    }

    private (int Least, int Most) Counts()
    {
        int least = Number();
        int most = least;
        if (Peek() == ',')
        {
            _at++;
            most = Peek() == '}' ? Unbounded : Number();
        }

        return Next() == '}' && (most == Unbounded || most >= least) ? (least, most) : throw Fault("this repetition");
    }

    private int Number()
    {
        int value = -1;
        while (Peek() is >= '0' and <= '9')
        {
            value = Math.Min((Math.Max(value, 0) * 10) + (Next() - '0'), LongestProgram);
        }

        return value >= 0 ? value : throw Fault("a repetition without a number");
    }

    private List<UnicodeInstruction> Repeated(List<UnicodeInstruction> atom, int least, int most, bool isLazy)
    {
        var result = new List<UnicodeInstruction>();
        for (int i = 0; i < least; i++)
        {
            result.AddRange(atom);
            Limited(result);
        }

        if (most == Unbounded)
        {
            result.Add(Fork(1, atom.Count + 2, isLazy));
            result.AddRange(atom);
            result.Add(new UnicodeInstruction(UnicodeOperation.Jump, -(atom.Count + 1)));
            return Limited(result);
        }

        for (int i = most - least; i > 0; i--)
        {
            // Each optional copy leaves to the end of all of them.
            result.Add(Fork(1, (atom.Count + 1) * i, isLazy));
            result.AddRange(atom);
            Limited(result);
        }

        return result;
    }

    private static UnicodeInstruction Fork(int first, int second, bool isLazy) =>
        new(UnicodeOperation.Fork, isLazy ? second : first, isLazy ? first : second);

    private static List<UnicodeInstruction> Enclosed(UnicodeOperation operation, List<UnicodeInstruction> inner) =>
        [new UnicodeInstruction(operation, inner.Count + 2), .. inner, new UnicodeInstruction(UnicodeOperation.Accept)];

    private List<UnicodeInstruction> One(CharacterSet set, int? single = null)
    {
        if (single is { } scalar)
        {
            set.Add(scalar, scalar);
        }

        set.IgnoresCase = _ignoresCase;
        return [new UnicodeInstruction(UnicodeOperation.Take, Set: set.Seal())];
    }

    private CharacterSet Class()
    {
        if (++_depth > DeepestNesting)
        {
            throw Fault($"more than {DeepestNesting} nested classes");
        }

        var set = new CharacterSet();
        if (Peek() == '^')
        {
            _at++;
            set.IsNegated = true;
        }

        bool isFirst = true;
        for (int next = Next(); next != ']' || isFirst; next = Next())
        {
            isFirst = false;
            if (next == '[')
            {
                if (Peek() == ':')
                {
                    throw Fault("a POSIX class");
                }

                CharacterSet nested = Class();
                nested.IgnoresCase = _ignoresCase;
                set.Add(nested.Seal());
                continue;
            }

            if (next == '&' && Peek() == '&')
            {
                throw Fault("an intersection of classes");
            }

            int? first = next == '\\' ? EscapeInto(set) : next;
            if (first is not { } low)
            {
                continue;
            }

            int high = low;
            if (Peek() == '-' && _at + 1 < _source.Length && _source[_at + 1] != ']')
            {
                _at++;
                int end = Next();
                high = end == '\\' ? EscapeInto(set) ?? throw Fault("a range that ends with a class") : end;
            }

            set.Add(low, high >= low ? high : throw Fault("a range that ends before it begins"));
        }

        _depth--;
        return set;
    }

    private CharacterSet Escape()
    {
        var set = new CharacterSet();
        if (EscapeInto(set) is { } scalar)
        {
            set.Add(scalar, scalar);
        }

        return set;
    }

    /// <summary>Reads what follows a backslash: a character, which is returned, or a class, which is added.</summary>
    private int? EscapeInto(CharacterSet set)
    {
        int kind = Next();
        switch (kind)
        {
            case 'r':
                return '\r';
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case 'x' or 'u':
                return Hexadecimal(kind == 'x' ? 2 : 4);
            case 's' or 'd' or 'w' or 'S' or 'D' or 'W':
                CharacterSet named = new() { IsNegated = kind is 'S' or 'D' or 'W' };
                switch (kind | 0x20)
                {
                    case 's':
                        named.AddWhiteSpace();
                        break;
                    case 'd':
                        _ = named.TryAddProperty("Nd");
                        break;
                    default:
                        named.AddWordCharacters();
                        break;
                }

                set.Add(named.Seal());
                return null;
            case 'p' or 'P':
                CharacterSet property = new() { IsNegated = kind == 'P' };
                string name = PropertyName();
                if (name.StartsWith('^'))
                {
                    property.IsNegated = !property.IsNegated;
                    name = name[1..];
                }

                set.Add(property.TryAddProperty(name) ? property.Seal() : throw Fault($"the property '{name}'"));
                return null;
            default:
                return kind is < 0x80 && char.IsAsciiLetterOrDigit((char)kind) ? throw Fault($"the escape '\\{(char)kind}'") : kind;
        }
    }

    private string PropertyName()
    {
        int first = Next();
        if (first != '{')
        {
            return new Rune(first).ToString();
        }

        var name = new StringBuilder();
        for (int next = Next(); next != '}'; next = Next())
        {
            name.Append(new Rune(next).ToString());
        }

        return name.ToString();
    }

    private int Hexadecimal(int digits)
    {
        bool isBraced = Peek() == '{';
        _at += isBraced ? 1 : 0;
        var text = new StringBuilder();
        while (isBraced ? Peek() != '}' : text.Length < digits)
        {
            int digit = Next();
            text.Append(digit < 0x80 && char.IsAsciiHexDigit((char)digit) && text.Length < 8 ? (char)digit : throw Fault("this escape"));
        }

        _at += isBraced ? 1 : 0;
        return uint.TryParse(text.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value) && Rune.IsValid(value)
            ? (int)value
            : throw Fault("this escape");
    }

    private List<UnicodeInstruction> Limited(List<UnicodeInstruction> program) =>
        program.Count <= LongestProgram ? program : throw Fault("an expression of this size");

    private int Peek() => _at < _source.Length ? _source[_at] : -1;

    private int Next() => _at < _source.Length ? _source[_at++] : throw Fault("an expression that ends here");

    private FormatException Fault(string what) => new($"{what} (at character {_at} of '{_text}')");
}
