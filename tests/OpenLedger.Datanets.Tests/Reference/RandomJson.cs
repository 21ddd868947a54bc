using System.Globalization;
using System.Text;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>JSON text as careless and hostile programs write it: any spacing, order, escapes and spelling of numbers, now and then wrong.</summary>
internal sealed class RandomJson(int seed)
{
    private static readonly string[] Texts =
    [
        "", " ", "a", "B", "ab", "Ab  c", "é", "e\u0301", "Å", "ß", "ﬁ", "İ", "Việt", "中国", "한", "\u1112\u1161", "😀", "\U0001D160", "\uE000", "\uFFFD",
        "\uFFFF", "\u0080", "\u007F", "\u00A0", "\u2028", "\u3000", "\t", "\n", "\r\n", "\v", "\f", "\b", "\0", "\u001F", "\"", "\\", "/", "</a>", "key", "$salt",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "-0.0", "1", "-1", "10", "1.0", "1.50", "0.1", "-0.25", "1e0", "1E+2", "1e-7", "0.000001", "0.0000012", "0.0000001", "1e20", "1e21",
        "123456789012345", "1234567890123456", "9007199254740991", "-9007199254740991", "9007199254740992.0", "123456789012345678e1",
        "5e-324", "-5e-324", "2e-324", "1.7976931348623157e308", "333333333.33333329", "0.30000000000000004", "12345678.1234567",
        "1234567.12345678", "100000000000000.5", "999999999999999.9", "4.35", "0.00001", "1.10",
    ];

    private static readonly string[] Mistakes =
    [
        "123456789012345678901234567890", "9007199254740993", "1.7976931348623159e308", "1e400", "-1e400", "01", "1.", ".5", "+1", "1e", "1e+", "-", "0x1", "NaN",
        "1_0", "00", "-01", "1.e1", "Infinity", "--1", "1 2",
    ];

    private readonly Random _random = new(seed);

    public byte[] Next(bool isObject = false)
    {
        StringBuilder json = new();
        Space(json);
        if (isObject)
        {
            Object(json, 0);
        }
        else if (_random.Next(200) == 0)
        {
            int depth = _random.Next(60, 68);
            json.Append(new string('[', depth)).Append(new string(']', depth));
        }
        else
        {
            Value(json, 0);
        }

        Space(json);
        byte[] utf8 = Encoding.UTF8.GetBytes(json.ToString());
        for (int faults = _random.Next(40) - 37; faults > 0 && utf8.Length > 0; faults--)
        {
            utf8[_random.Next(utf8.Length)] = (byte)_random.Next(256);
        }

        return utf8;
    }

    public string Text()
    {
        string text = "";
        for (int parts = _random.Next(4); parts > 0; parts--)
        {
            text += Texts[_random.Next(Texts.Length)];
        }

        return text;
    }

    private void Space(StringBuilder json)
    {
        if (_random.Next(4) == 0)
        {
            json.Append(" \n\r\t"[_random.Next(4)]);
        }
    }

    private void Value(StringBuilder json, int depth)
    {
        switch (_random.Next(depth > 5 ? 6 : 10))
        {
            case 0:
                json.Append(_random.Next(50) == 0 ? "nul" : ((string[])["true", "false", "null"])[_random.Next(3)]);
                break;
            case 1 or 2:
                Number(json);
                break;
            case <= 5:
                Spell(json, Text());
                break;
            case <= 7:
                json.Append('[');
                List(json, ']', () => Value(json, depth + 1));
                break;
            default:
                Object(json, depth);
                break;
        }
    }

    private void Object(StringBuilder json, int depth)
    {
        HashSet<string> names = [];
        json.Append('{');
        List(json, '}', () =>
        {
            string name = Text() + (_random.Next(3) == 0 ? "" : _random.Next(30).ToString(CultureInfo.InvariantCulture));
            while (!names.Add(name) && _random.Next(100) > 0)
            {
                name += Texts[_random.Next(Texts.Length)];
            }

            Spell(json, name);
            Space(json);
            json.Append(':');
            Space(json);
            Value(json, depth + 1);
        });
    }

    private void List(StringBuilder json, char end, Action item)
    {
        int count = _random.Next(30) == 0 ? _random.Next(20, 60) : _random.Next(5);
        Space(json);
        for (int i = 0; i < count; i++)
        {
            item();
            Space(json);
            if (i + 1 < count || _random.Next(300) == 0)
            {
                json.Append(',');
                Space(json);
            }
        }

        json.Append(end);
    }

    private void Number(StringBuilder json)
    {
        switch (_random.Next(3))
        {
            case 0:
                bool isLegal = _random.Next(30) > 0; // most texts should be valid
                string[] spellings = isLegal ? Numbers : Mistakes;
                json.Append(spellings[_random.Next(spellings.Length)]);
                break;
            case 1:
                json.Append((_random.NextDouble() * Math.Pow(10, _random.Next(-12, 25))).ToString(
                    ((string[])["R", "E5", "F3", "E15"])[_random.Next(4)], CultureInfo.InvariantCulture));
                break;
            default:
                string digits = _random.NextInt64(1_000_000_000_000_000_000).ToString("D18", CultureInfo.InvariantCulture)[_random.Next(18)..];
                int point = _random.Next(digits.Length + 1);
                json.Append(_random.Next(4) == 0 ? "-" : "").Append(point == 0 ? "0" : digits[..point].TrimStart('0') is { Length: > 0 } whole ? whole : "0");
                json.Append(point == digits.Length ? "" : "." + digits[point..]);
                break;
        }
    }

    private void Spell(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (char c in text)
        {
            if (_random.Next(12) == 0 || (char.IsSurrogate(c) && _random.Next(2) == 0))
            {
                string format = _random.Next(2) == 0 ? "x4" : "X4";
                json.Append("\\u").Append(((int)(_random.Next(200) == 0 ? '\uD83D' : c)).ToString(format, CultureInfo.InvariantCulture));
            }
            else
            {
                json.Append(c switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\b' => "\\b",
                    '\f' => "\\f",
                    '\n' => _random.Next(50) == 0 ? "\n" : "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    '/' when _random.Next(2) == 0 => "\\/",
                    < ' ' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                    _ => c.ToString(),
                });
            }
        }

        json.Append(_random.Next(500) == 0 ? "\\x\"" : "\"");
    }
}
