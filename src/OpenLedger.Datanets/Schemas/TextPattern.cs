using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OpenLedger.Datanets.Schemas;

/// <summary>A regular expression in the I-Regexp dialect of RFC 9485, which means the same in every language, and covers a whole text.</summary>
/// <remarks>
/// Parsed here, so that only the dialect gets through and its cost is known: .NET's automaton is built from a translation that cannot
/// backtrack, and the number of positions after unrolling counted repetitions is bounded. A time limit would make the verdict depend on
/// the machine. Characters beyond the basic plane match as one character; the general categories know only the basic plane.
/// </remarks>
internal sealed class TextPattern
{
    public const int MaxPatternLength = 500;

    /// <summary>Most positions of the automaton, counted repetitions unrolled.</summary>
    public const int MaxPositions = 1000;

    /// <summary>Most positions times the longest text: the work of one match, about two seconds at the very worst.</summary>
    public const long MaxWork = 20_000_000;

    private const int MaxGroupDepth = 16;
    private const string SurrogatePair = "[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]";

    private readonly Regex _regex;

    private TextPattern(string text, string ecmaScript, int positions, Regex regex)
    {
        Text = text;
        EcmaScript = ecmaScript;
        Positions = positions;
        _regex = regex;
    }

    /// <summary>The pattern in its one spelling.</summary>
    public string Text { get; }

    /// <summary>The same language as an anchored ECMA-262 expression, as JSON Schema wants it (RFC 9485, 5.3).</summary>
    public string EcmaScript { get; }

    /// <summary>Positions of the automaton.</summary>
    public int Positions { get; }

    /// <exception cref="ArgumentException">The pattern is not I-Regexp or too complex; the message says where.</exception>
    public static TextPattern Parse(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (pattern.Length > MaxPatternLength)
        {
            throw new ArgumentException($"A pattern has at most {MaxPatternLength} characters, not {pattern.Length}.", nameof(pattern));
        }

        Translator translator = new(pattern);
        int positions = translator.Translate();
        string dotNet = $"\\A(?:{translator.DotNet})\\z";
        const RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
        return new TextPattern(translator.Canonical.ToString(), $"^(?:{translator.Ecma})$", positions, new Regex(dotNet, options));
    }

    public bool IsMatch(string text) => _regex.IsMatch(text);

    /// <summary>Recursive descent over the grammar of RFC 9485, section 4, writing the three spellings as it goes.</summary>
    private sealed class Translator(string pattern)
    {
        private int _position;
        private int _depth;

        public StringBuilder Canonical { get; } = new();

        public StringBuilder Ecma { get; } = new();

        public StringBuilder DotNet { get; } = new();

        private char Current => _position < pattern.Length ? pattern[_position] : '\0';

        private bool IsAtEnd => _position >= pattern.Length;

        public int Translate()
        {
            int positions = Alternatives();
            return IsAtEnd ? positions : throw Fault($"'{Current}' has no partner; write \\{Current} for the character itself");
        }

        private int Alternatives()
        {
            int positions = Branch();
            while (!IsAtEnd && Current == '|')
            {
                Both("|");
                _position++;
                positions = Bounded((long)positions + Branch());
            }

            return positions;
        }

        private int Branch()
        {
            long positions = 0;
            while (!IsAtEnd && Current is not ('|' or ')'))
            {
                int dotNetStart = DotNet.Length;
                int atom = Atom();
                int repetitions = Quantifier(dotNetStart);
                positions = Bounded(positions + (long)atom * repetitions);
            }

            return (int)Math.Max(1, positions);
        }

        private int Atom()
        {
            char character = Current;
            switch (character)
            {
                case '(':
                    return Group();
                case '[':
                    return CharacterClass();
                case '.':
                    _position++;
                    Canonical.Append('.');
                    Ecma.Append("[^\\n\\r]");
                    DotNet.Append("(?:[^\\n\\r\\uD800-\\uDFFF]|").Append(SurrogatePair).Append(')');
                    return 2;
                case '\\' when _position + 1 < pattern.Length && pattern[_position + 1] is 'p' or 'P':
                    return Category();
                case '^' or '$':
                    throw Fault($"'{character}' is not needed, a pattern always covers the whole text; write {(character == '^' ? "\\^" : "[$]")} for the character");
                case '*' or '+' or '?' or '{' or '}' or ']':
                    throw Fault($"'{character}' stands where a character is expected; write \\{character} for the character itself");
                default:
                    int scalar = Character(inClass: false);
                    AppendLiteral(scalar);
                    return scalar > char.MaxValue ? 2 : 1;
            }
        }

        private int Group()
        {
            if (++_depth > MaxGroupDepth)
            {
                throw Fault($"groups are nested deeper than {MaxGroupDepth}");
            }

            _position++;
            if (Current == '?')
            {
                throw Fault("look-around and other '(?' forms are not part of I-Regexp (RFC 9485)");
            }

            Canonical.Append('(');
            Ecma.Append("(?:");
            DotNet.Append("(?:");
            int positions = Alternatives();
            if (IsAtEnd)
            {
                throw Fault("a group is not closed");
            }

            _position++;
            Both(")");
            _depth--;
            return positions;
        }

        private int Quantifier(int dotNetStart)
        {
            (string text, int repetitions) = Current switch
            {
                _ when IsAtEnd => ("", 1),
                '*' or '+' or '?' => (Current.ToString(), 1),
                '{' => Range(),
                _ => ("", 1),
            };
            if (text.Length == 0)
            {
                return 1;
            }

            _position += text.Length;
            if (!IsAtEnd && Current is '*' or '+' or '?' or '{')
            {
                throw Fault("two quantifiers follow one another; put the first in a group");
            }

            // A literal beyond the basic plane is two units here and must repeat as one.
            DotNet.Insert(dotNetStart, "(?:").Append(')');
            Both(text);
            return repetitions;
        }

        private (string Text, int Repetitions) Range()
        {
            int end = pattern.IndexOf('}', _position);
            string inside = end < 0 ? throw Fault("a '{' is not closed") : pattern[(_position + 1)..end];
            string[] bounds = inside.Split(',');
            if (bounds.Length > 2 || !TryCount(bounds[0], out int least) || (bounds.Length == 2 && bounds[1].Length > 0 && !TryCount(bounds[1], out _)))
            {
                throw Fault($"'{{{inside}}}' is not a count: {{n}}, {{n,}} or {{n,m}} with at most {MaxPositions}");
            }

            int most = bounds.Length == 1 ? least : bounds[1].Length == 0 ? least + 1 : int.Parse(bounds[1], CultureInfo.InvariantCulture);
            return most < least ? throw Fault($"'{{{inside}}}' counts downwards") : ($"{{{inside}}}", Math.Max(1, most));
        }

        private static bool TryCount(string digits, out int count)
        {
            count = 0;
            return digits.Length is > 0 and <= 4 && digits.All(char.IsAsciiDigit)
                && (count = int.Parse(digits, CultureInfo.InvariantCulture)) <= MaxPositions;
        }

        private int Category()
        {
            int end = pattern.IndexOf('}', _position);
            string text = end < 0 || pattern.Length < _position + 4 || pattern[_position + 2] != '{'
                ? throw Fault("a category is written \\p{Lu}")
                : pattern[_position..(end + 1)];
            string name = text[3..^1];
            if (!IsCategory(name))
            {
                throw Fault($"'{name}' is not a general category such as L, Lu, Nd or Zs");
            }

            _position = end + 1;
            Canonical.Append(text);
            Ecma.Append(text);
            DotNet.Append(text[1] == 'p' ? text : $"(?:[\\P{{{name}}}-[\\uD800-\\uDFFF]]|{SurrogatePair})");
            return 2;
        }

        private static bool IsCategory(string name) => name.Length is 1 or 2 && name[0] switch
        {
            'L' => name.Length == 1 || "lmotu".Contains(name[1], StringComparison.Ordinal),
            'M' => name.Length == 1 || "cen".Contains(name[1], StringComparison.Ordinal),
            'N' => name.Length == 1 || "dlo".Contains(name[1], StringComparison.Ordinal),
            'P' => name.Length == 1 || "cdefios".Contains(name[1], StringComparison.Ordinal),
            'Z' => name.Length == 1 || "lps".Contains(name[1], StringComparison.Ordinal),
            'S' => name.Length == 1 || "ckmo".Contains(name[1], StringComparison.Ordinal),
            'C' => name.Length == 1 || "cfno".Contains(name[1], StringComparison.Ordinal),
            _ => false,
        };

        private int CharacterClass()
        {
            int start = _position++;
            bool isNegated = Current == '^';
            _position += isNegated ? 1 : 0;
            StringBuilder items = new();
            int first = _position;
            while (Current != ']' || IsAtEnd)
            {
                if (IsAtEnd)
                {
                    throw Fault("a '[' is not closed");
                }

                ClassItem(items, isFirst: _position == first);
            }

            if (_position == first)
            {
                throw Fault("a character class is empty");
            }

            _position++;
            string text = pattern[start.._position];
            bool isDot = text == "[^\\n\\r]"; // the ECMA-262 form of '.', so that a pattern comes back from JSON Schema as it went
            Canonical.Append(isDot ? "." : text);
            Ecma.Append(text);
            DotNet.Append(isNegated ? $"(?:[^{items}\\uD800-\\uDFFF]|{SurrogatePair})" : $"[{items}]");
            return isNegated ? 2 : 1;
        }

        private void ClassItem(StringBuilder items, bool isFirst)
        {
            if (Current == '\\' && _position + 1 < pattern.Length && pattern[_position + 1] is 'p' or 'P')
            {
                int end = pattern.IndexOf('}', _position);
                if (end < 0 || pattern[_position + 2] != '{' || !IsCategory(pattern[(_position + 3)..end]))
                {
                    throw Fault("a category is written \\p{Lu}");
                }

                items.Append(pattern, _position, end + 1 - _position);
                _position = end + 1;
                return;
            }

            if (Current == '-')
            {
                bool isLast = _position + 1 < pattern.Length && pattern[_position + 1] == ']';
                _position += isFirst || isLast ? 1 : throw Fault("'-' in a class stands first, last or between two characters; write \\- for the character");
                items.Append("\\-");
                return;
            }

            char from = ClassCharacter();
            Append(items, from);
            if (Current == '-' && _position + 1 < pattern.Length && pattern[_position + 1] != ']')
            {
                _position++;
                char to = ClassCharacter();
                Append(to < from ? throw Fault($"the range '{from}-{to}' runs backwards") : items.Append('-'), to);
            }
        }

        private char ClassCharacter()
        {
            if (Current == '[' && !IsAtEnd)
            {
                throw Fault("'[' in a class is written \\[");
            }

            int scalar = Character(inClass: true);
            return scalar <= char.MaxValue
                ? (char)scalar
                : throw Fault("characters beyond the basic plane cannot stand in a class; write them as alternatives");
        }

        private int Character(bool inClass)
        {
            char character = Current;
            _position++;
            if (char.IsHighSurrogate(character) && char.IsLowSurrogate(Current))
            {
                return char.ConvertToUtf32(character, pattern[_position++]);
            }

            if (character != '\\')
            {
                return char.IsSurrogate(character) ? throw Fault("half a surrogate pair") : character;
            }

            char escaped = IsAtEnd ? throw Fault("a pattern ends in '\\'") : pattern[_position++];
            return escaped switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '(' or ')' or '*' or '+' or '-' or '.' or '?' or '[' or '\\' or ']' or '^' or '{' or '|' or '}' => escaped,
                _ => throw Fault($"'\\{escaped}' is not part of I-Regexp (RFC 9485){(escaped is 'd' or 'w' or 's' ? "; write the characters as a class" : inClass ? "" : "; put the character in a class")}"),
            };
        }

        private void AppendLiteral(int scalar)
        {
            string text = char.ConvertFromUtf32(scalar);
            string escaped = scalar switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '-' => "-", // legal unescaped, and an escape that ECMA-262 refuses
                _ when "()*+.?[\\]^{|}".Contains(text, StringComparison.Ordinal) => "\\" + text,
                _ => text,
            };
            Canonical.Append(escaped);
            Ecma.Append(scalar > char.MaxValue ? $"(?:{escaped})" : escaped);
            foreach (char unit in text)
            {
                Append(DotNet, unit);
            }
        }

        private static void Append(StringBuilder output, char unit) => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");

        private void Both(string text)
        {
            Canonical.Append(text);
            Ecma.Append(text);
            DotNet.Append(text);
        }

        private int Bounded(long positions) => positions <= MaxPositions
            ? (int)positions
            : throw Fault($"counted repetitions unroll to more than {MaxPositions} positions");

        private ArgumentException Fault(string problem) =>
            new($"The pattern '{pattern}' is not legal at character {Math.Min(_position, pattern.Length)}: {problem}.");
    }
}
