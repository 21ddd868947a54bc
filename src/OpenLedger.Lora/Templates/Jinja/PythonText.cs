using System.Globalization;
using System.Text;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>Python's string operations over marked text: counted in code points, marks kept.</summary>
internal static class PythonText
{
    /// <summary>Python counts the four information separators as white space, .NET does not.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    public static MarkedText Strip(MarkedText text, string? characters, bool left, bool right)
    {
        string value = text.Value;
        int start = 0;
        int end = value.Length;
        while (left && start < end && Length(value, start, end) is var size && Drops(start, size))
        {
            start += size;
        }

        while (right && end > start && (end - start > 1 && char.IsSurrogatePair(value, end - 2) ? 2 : 1) is var last && Drops(end - last, last))
        {
            end -= last;
        }

        return text.Slice(start, end - start);

        bool Drops(int at, int size) => characters is null ? IsSpace(value[at]) : ContainsCodePoint(characters, value.AsSpan(at, size));
    }

    /// <summary>Offsets of the code points in UTF-16, with the length at the end.</summary>
    public static int[] Offsets(string value)
    {
        List<int> offsets = new(value.Length + 1);
        for (int i = 0; i < value.Length; i += Length(value, i, value.Length))
        {
            offsets.Add(i);
        }

        offsets.Add(value.Length);
        return [.. offsets];
    }

    public static int CountCodePoints(string value)
    {
        int count = value.Length;
        for (int i = 1; i < value.Length; i++)
        {
            if (char.IsSurrogatePair(value[i - 1], value[i]))
            {
                count--;
                i++;
            }
        }

        return count;
    }

    public static int CompareCodePoints(string left, string right)
    {
        int length = Math.Min(left.Length, right.Length);
        for (int i = 0; i < length; i++)
        {
            char a = left[i];
            char b = right[i];
            if (a != b)
            {
                // Surrogates stand for code points above all others, though their UTF-16 values do not.
                return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    public static MarkedText Replace(RenderContext context, MarkedText text, MarkedText old, MarkedText replacement, int count)
    {
        MarkedTextBuilder builder = new();
        int from = 0;
        int search = 0;
        while (count != 0)
        {
            int found = search <= text.Length ? text.Value.IndexOf(old.Value, search, StringComparison.Ordinal) : -1;
            if (found < 0)
            {
                break;
            }

            context.ChargeText((long)builder.Length + (found - from) + replacement.Length);
            builder.Append(text.Slice(from, found - from)).Append(replacement);
            from = found + old.Length;

            // An empty pattern matches before every code point and at the end.
            search = old.Length > 0 ? from : found < text.Length ? found + Length(text.Value, found, text.Length) : text.Length + 1;
            count--;
        }

        return builder.Append(text.Slice(from)).ToText();
    }

    public static List<MarkedText> Split(RenderContext context, MarkedText text, string? separator, int maximum, bool fromRight)
    {
        List<MarkedText> parts = [];
        if (separator is null)
        {
            SplitAtSpace(context, text, maximum, fromRight, parts);
            return parts;
        }

        if (separator.Length == 0)
        {
            throw context.Fault("split needs a separator that is not empty");
        }

        if (fromRight)
        {
            int end = text.Length;
            while (maximum-- != 0 && end >= separator.Length
                && text.Value.AsSpan(0, end).LastIndexOf(separator, StringComparison.Ordinal) is var at and >= 0)
            {
                context.ChargeItems(1);
                parts.Add(text.Slice(at + separator.Length, end - at - separator.Length));
                end = at;
            }

            parts.Add(text.Slice(0, end));
            parts.Reverse();
            return parts;
        }

        int start = 0;
        while (maximum-- != 0 && text.Value.IndexOf(separator, start, StringComparison.Ordinal) is var found and >= 0)
        {
            context.ChargeItems(1);
            parts.Add(text.Slice(start, found - start));
            start = found + separator.Length;
        }

        parts.Add(text.Slice(start));
        return parts;
    }

    public static List<MarkedText> SplitLines(RenderContext context, MarkedText text)
    {
        List<MarkedText> lines = [];
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text.Value[i];
            if (c is '\n' or '\r' or '\v' or '\f' or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029')
            {
                context.ChargeItems(1);
                lines.Add(text.Slice(start, i - start));
                i += c == '\r' && i + 1 < text.Length && text.Value[i + 1] == '\n' ? 1 : 0;
                start = i + 1;
            }
        }

        if (start < text.Length)
        {
            lines.Add(text.Slice(start));
        }

        return lines;
    }

    public static MarkedText Join(RenderContext context, MarkedText separator, IReadOnlyList<MarkedText> parts)
    {
        MarkedTextBuilder builder = new();
        for (int i = 0; i < parts.Count; i++)
        {
            context.ChargeText((long)builder.Length + separator.Length + parts[i].Length > RenderLimits.TextLength ? long.MaxValue : parts[i].Length);
            if (i > 0)
            {
                builder.Append(separator);
            }

            builder.Append(parts[i]);
        }

        return builder.ToText();
    }

    public static string Upper(string value) => value.Replace("ß", "SS", StringComparison.Ordinal).ToUpperInvariant();

    public static string Lower(string value) => value.ToLowerInvariant();

    /// <summary><c>str.capitalize</c>: the first character upper, the rest lower.</summary>
    public static MarkedText Capitalize(MarkedText text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        int first = Length(text.Value, 0, text.Length);
        return new MarkedTextBuilder().Append(text.Slice(0, first).Map(Upper)).Append(text.Slice(first).Map(Lower)).ToText();
    }

    /// <summary>Upper case for a letter that starts a word, lower case for the others.</summary>
    /// <param name="text">The text.</param>
    /// <param name="startsWord">Whether a character, when it precedes another, makes that one the first of a word.</param>
    public static MarkedText Title(MarkedText text, Func<Rune, bool> startsWord)
    {
        MarkedTextBuilder builder = new();
        bool isFirst = true;
        for (int i = 0; i < text.Length;)
        {
            int size = Length(text.Value, i, text.Length);
            MarkedText character = text.Slice(i, size);
            builder.Append(character.Map(isFirst ? Upper : Lower));
            isFirst = Rune.TryGetRuneAt(text.Value, i, out Rune rune) ? startsWord(rune) : startsWord(Rune.ReplacementChar);
            i += size;
        }

        return builder.ToText();
    }

    /// <summary>Python's <c>repr</c> of a string.</summary>
    public static void AppendRepr(MarkedTextBuilder builder, MarkedText text)
    {
        bool isDouble = text.Value.Contains('\'', StringComparison.Ordinal) && !text.Value.Contains('"', StringComparison.Ordinal);
        char quote = isDouble ? '"' : '\'';
        builder.Append([quote]);
        for (int i = 0; i < text.Length;)
        {
            int size = Length(text.Value, i, text.Length);
            char c = text.Value[i];
            string? escape = c switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when c == quote => "\\" + c,
                _ when size == 1 && IsUnprintable(c) => c < 0x100
                    ? string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}")
                    : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => null,
            };
            builder.Append(escape ?? text.Value.AsSpan(i, size), text.IsOutsideAt(i));
            i += size;
        }

        builder.Append([quote]);
    }

    private static bool IsUnprintable(char c) => c != ' ' && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static int Length(string value, int at, int end) => at + 1 < end && char.IsSurrogatePair(value[at], value[at + 1]) ? 2 : 1;

    private static bool ContainsCodePoint(string characters, ReadOnlySpan<char> codePoint)
    {
        for (int i = 0; i < characters.Length;)
        {
            int size = Length(characters, i, characters.Length);
            if (characters.AsSpan(i, size).SequenceEqual(codePoint))
            {
                return true;
            }

            i += size;
        }

        return false;
    }

    private static void SplitAtSpace(RenderContext context, MarkedText text, int maximum, bool fromRight, List<MarkedText> parts)
    {
        MarkedText rest = Strip(text, null, left: !fromRight, right: fromRight);
        while (rest.Length > 0)
        {
            int cut = fromRight ? rest.Length - 1 : 0;
            while (cut >= 0 && cut < rest.Length && !IsSpace(rest.Value[cut]))
            {
                cut += fromRight ? -1 : 1;
            }

            context.ChargeText(rest.Length);
            if (maximum-- == 0 || cut < 0 || cut >= rest.Length)
            {
                parts.Add(rest);
                break;
            }

            parts.Add(fromRight ? rest.Slice(cut + 1) : rest.Slice(0, cut));
            rest = fromRight ? Strip(rest.Slice(0, cut), null, left: false, right: true) : Strip(rest.Slice(cut), null, left: true, right: false);
        }

        if (fromRight)
        {
            parts.Reverse();
        }
    }
}
