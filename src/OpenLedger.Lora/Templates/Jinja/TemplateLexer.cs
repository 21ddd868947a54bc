using System.Globalization;
using System.Numerics;
using System.Text;

namespace OpenLedger.Lora.Templates.Jinja;

internal enum TokenKind
{
    Data,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    Text,
    Integer,
    Float,
    Operator,
    End,
}

/// <summary>A piece of a template; <c>Text</c> is the data, the name, the operator, or the unescaped string.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line, BigInteger Integer = default, double Float = 0);

/// <summary>Cuts a template into tokens, with the white space control of <c>trim_blocks</c> and <c>lstrip_blocks</c>.</summary>
/// <remarks>Source of the rules: the documentation of Jinja 3.1, and its behaviour, which the golden files record.</remarks>
internal sealed class TemplateLexer
{
    // The longest come first.
    private static readonly string[] Operators =
    [
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";",
    ];

    private readonly string _source;
    private readonly string _templateName;
    private readonly List<Token> _tokens = [];
    private int _position;
    private int _line = 1;
    private int _lineAt;

    private TemplateLexer(string source, string templateName)
    {
        _source = Normalize(source) is var normal && normal.EndsWith('\n') ? normal[..^1] : normal;
        _templateName = templateName;
    }

    public static List<Token> Read(string source, string templateName)
    {
        TemplateLexer lexer = new(source, templateName);
        lexer.ReadTemplate();
        lexer._tokens.Add(new Token(TokenKind.End, "the end of the template", lexer.LineOf(lexer._source.Length)));
        return lexer._tokens;
    }

    private static string Normalize(string source) =>
        source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private ModelFormatException Fault(int at, string reason) =>
        new(ModelFormatError.TemplateInvalid, _templateName, $"line {LineOf(at)}: {reason}.");

    /// <summary>Positions are asked for in order, so counting goes on from the last one.</summary>
    private int LineOf(int position)
    {
        if (position < _lineAt)
        {
            return 1 + _source.AsSpan(0, position).Count('\n');
        }

        _line += _source.AsSpan(_lineAt, position - _lineAt).Count('\n');
        _lineAt = position;
        return _line;
    }

    private void ReadTemplate()
    {
        bool isLineStart = true;
        while (true)
        {
            int open = FindOpen();
            if (open < 0)
            {
                AddData(_source[_position..]);
                return;
            }

            char kind = _source[open + 1];
            char sign = open + 2 < _source.Length && _source[open + 2] is '-' or '+' ? _source[open + 2] : ' ';
            AddData(TrimBefore(_source[_position..open], kind, sign, isLineStart));
            int begin = open;
            _position = open + (sign == ' ' ? 2 : 3);
            if (kind == '#')
            {
                SkipComment(begin);
            }
            else
            {
                _tokens.Add(new Token(kind == '{' ? TokenKind.VariableBegin : TokenKind.BlockBegin, kind == '{' ? "{{" : "{%", LineOf(begin)));
                ReadTag(begin, isVariable: kind == '{');
            }

            isLineStart = _source[_position - 1] == '\n';
        }
    }

    private int FindOpen()
    {
        for (int at = _position; (at = _source.IndexOf('{', at)) >= 0 && at + 1 < _source.Length; at++)
        {
            if (_source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    private static string TrimBefore(string data, char kind, char sign, bool isLineStart)
    {
        if (sign == '-')
        {
            return PythonText.Strip(MarkedText.Trusted(data), null, left: false, right: true).Value;
        }

        if (sign == '+' || kind == '{')
        {
            return data;
        }

        int lineStart = data.LastIndexOf('\n') + 1;
        return (lineStart > 0 || isLineStart) && data[lineStart..].All(PythonText.IsSpace) ? data[..lineStart] : data;
    }

    private void AddData(string data)
    {
        if (data.Length > 0)
        {
            _tokens.Add(new Token(TokenKind.Data, data, LineOf(_position)));
        }
    }

    private void SkipComment(int begin)
    {
        int end = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Fault(begin, "the comment '{#' has no '#}'");
        }

        char sign = end > _position ? _source[end - 1] : ' ';
        _position = end + 2;
        SkipAfterTag(sign, trimsNewLine: true);
    }

    private void SkipAfterTag(char sign, bool trimsNewLine)
    {
        if (sign == '-')
        {
            SkipSpace();
        }
        else if (sign != '+' && trimsNewLine && _position < _source.Length && _source[_position] == '\n')
        {
            _position++;
        }
    }

    private void SkipSpace()
    {
        while (_position < _source.Length && PythonText.IsSpace(_source[_position]))
        {
            _position++;
        }
    }

    private void ReadTag(int begin, bool isVariable)
    {
        string close = isVariable ? "}}" : "%}";
        Stack<char> open = new();
        while (true)
        {
            SkipSpace();
            if (_position >= _source.Length)
            {
                throw Fault(begin, $"the tag '{(isVariable ? "{{" : "{%")}' has no '{close}'");
            }

            if (open.Count == 0 && TryReadEnd(close, isVariable))
            {
                return;
            }

            ReadToken(open);
        }
    }

    private bool TryReadEnd(string close, bool isVariable)
    {
        ReadOnlySpan<char> rest = _source.AsSpan(_position);
        char sign = rest[0] == '-' || (rest[0] == '+' && !isVariable) ? rest[0] : ' ';
        int skip = sign == ' ' ? 0 : 1;
        if (!rest[skip..].StartsWith(close, StringComparison.Ordinal))
        {
            return false;
        }

        _tokens.Add(new Token(isVariable ? TokenKind.VariableEnd : TokenKind.BlockEnd, close, LineOf(_position)));
        _position += skip + 2;
        SkipAfterTag(sign, trimsNewLine: !isVariable);
        return true;
    }

    private void ReadToken(Stack<char> open)
    {
        char c = _source[_position];
        int line = LineOf(_position);
        if (char.IsAsciiDigit(c))
        {
            ReadNumber(line);
        }
        else if (char.IsLetter(c) || c == '_')
        {
            int start = _position;
            while (_position < _source.Length && (char.IsLetterOrDigit(_source[_position]) || _source[_position] == '_'))
            {
                _position++;
            }

            _tokens.Add(new Token(TokenKind.Name, _source[start.._position], line));
        }
        else if (c is '\'' or '"')
        {
            ReadText(c, line);
        }
        else
        {
            string symbol = Array.Find(Operators, o => _source.AsSpan(_position).StartsWith(o, StringComparison.Ordinal))
                ?? throw Fault(_position, $"the character '{c}' (U+{(int)c:X4}) means nothing here");
            Balance(open, symbol[0]);
            _position += symbol.Length;
            _tokens.Add(new Token(TokenKind.Operator, symbol, line));
        }
    }

    private void Balance(Stack<char> open, char symbol)
    {
        if (symbol is '(' or '[' or '{')
        {
            open.Push(symbol == '(' ? ')' : symbol == '[' ? ']' : '}');
        }
        else if (symbol is ')' or ']' or '}' && (open.Count == 0 || open.Pop() != symbol))
        {
            throw Fault(_position, $"'{symbol}' closes what is not open");
        }
    }

    private void ReadNumber(int line)
    {
        int start = _position;
        if (_source[start] == '0' && start + 1 < _source.Length && char.ToLowerInvariant(_source[start + 1]) is 'x' or 'b' or 'o')
        {
            throw Fault(start, "numbers in base 2, 8 and 16 are not supported");
        }

        SkipDigits();

        // After a dot a number is an attribute, as in 'list.0.1'.
        bool mayBeReal = _tokens[^1] is not { Kind: TokenKind.Operator, Text: "." };
        bool isReal = false;
        if (mayBeReal && _position + 1 < _source.Length && _source[_position] == '.' && char.IsAsciiDigit(_source[_position + 1]))
        {
            isReal = true;
            _position++;
            SkipDigits();
        }

        int exponent = _position + 1;
        if (mayBeReal && _position < _source.Length && _source[_position] is 'e' or 'E')
        {
            exponent += exponent < _source.Length && _source[exponent] is '+' or '-' ? 1 : 0;
            if (exponent < _source.Length && char.IsAsciiDigit(_source[exponent]))
            {
                isReal = true;
                _position = exponent;
                SkipDigits();
            }
        }

        string digits = _source[start.._position].Replace("_", "", StringComparison.Ordinal);
        if (digits.Length > 400)
        {
            throw Fault(start, "the number has more than 400 digits");
        }

        _tokens.Add(isReal
            ? new Token(TokenKind.Float, digits, line, Float: double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture))
            : new Token(TokenKind.Integer, digits, line, BigInteger.Parse(digits, CultureInfo.InvariantCulture)));
    }

    private void SkipDigits()
    {
        while (_position < _source.Length && (char.IsAsciiDigit(_source[_position])
            || (_source[_position] == '_' && _position + 1 < _source.Length && char.IsAsciiDigit(_source[_position + 1]))))
        {
            _position++;
        }
    }

    private void ReadText(char quote, int line)
    {
        int start = _position++;
        StringBuilder text = new();
        while (true)
        {
            if (_position >= _source.Length)
            {
                throw Fault(start, "the text has no closing quotation mark");
            }

            char c = _source[_position++];
            if (c == quote)
            {
                break;
            }

            if (c == '\\' && _position < _source.Length)
            {
                ReadEscape(text);
            }
            else
            {
                text.Append(c);
            }
        }

        _tokens.Add(new Token(TokenKind.Text, text.ToString(), line));
    }

    private void ReadEscape(StringBuilder text)
    {
        char c = _source[_position++];
        switch (c)
        {
            case '\n':
                break;
            case '\\' or '\'' or '"':
                text.Append(c);
                break;
            case >= '0' and <= '7':
                int octal = c - '0';
                for (int i = 0; i < 2 && _position < _source.Length && _source[_position] is >= '0' and <= '7'; i++)
                {
                    octal = (octal * 8) + _source[_position++] - '0';
                }

                text.Append((char)octal);
                break;
            case 'x' or 'u' or 'U':
                int digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
                if (_position + digits > _source.Length
                    || !int.TryParse(_source.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
                    || code is < 0 or > 0x10FFFF)
                {
                    throw Fault(_position, $"'\\{c}' needs {digits} hexadecimal digits of a character");
                }

                text.Append(code > 0xFFFF ? char.ConvertFromUtf32(code) : ((char)code).ToString());
                _position += digits;
                break;
            case 'N':
                throw Fault(_position, "characters by name ('\\N{…}') are not supported");
            default:
                text.Append(c switch { 'n' => "\n", 't' => "\t", 'r' => "\r", 'a' => "\a", 'b' => "\b", 'f' => "\f", 'v' => "\v", _ => "\\" + c });
                break;
        }
    }
}
