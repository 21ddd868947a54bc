using System.Text;

namespace OpenLedger.Tidy.Tests;

/// <summary>C# source with comments and the insides of literals blanked out. Positions and line breaks stay where they were.</summary>
/// <remarks>A scanner, not a parser: code inside interpolation holes is blanked with the literal around it.</remarks>
internal static class CSharpCode
{
    public static string WithoutCommentsAndLiterals(string text)
    {
        StringBuilder code = new(text.Length);
        int at = 0;
        while (at < text.Length)
        {
            int end = EndOfCommentOrLiteral(text, at);
            if (end == at)
            {
                code.Append(text[at++]);
                continue;
            }

            for (; at < end; at++)
            {
                code.Append(text[at] == '\n' ? '\n' : ' ');
            }
        }

        return code.ToString();
    }

    /// <summary>Where the comment or literal that starts here ends; <paramref name="at"/> itself when none starts here.</summary>
    private static int EndOfCommentOrLiteral(string text, int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at);
        if (rest.StartsWith("//"))
        {
            return End(text, at, "\n", from: at + 2) - (text.IndexOf('\n', at) >= 0 ? 1 : 0);
        }

        if (rest.StartsWith("/*"))
        {
            return End(text, at, "*/", from: at + 2);
        }

        if (rest[0] == '\'')
        {
            return EndOfEscaped(text, at + 1, '\'');
        }

        int quote = at;
        while (quote < text.Length && text[quote] is '$' or '@')
        {
            quote++;
        }

        if (quote >= text.Length || text[quote] != '"')
        {
            return at;
        }

        int quotes = 0;
        while (quote + quotes < text.Length && text[quote + quotes] == '"')
        {
            quotes++;
        }

        if (quotes >= 3)
        {
            return End(text, at, new string('"', quotes), from: quote + quotes);
        }

        return text.AsSpan(at, quote - at).Contains('@') ? EndOfVerbatim(text, quote + 1) : EndOfEscaped(text, quote + 1, '"');
    }

    private static int End(string text, int at, string mark, int from)
    {
        int found = text.IndexOf(mark, Math.Min(from, text.Length), StringComparison.Ordinal);
        return found < 0 ? text.Length : Math.Max(found + mark.Length, at + 1);
    }

    private static int EndOfEscaped(string text, int at, char quote)
    {
        while (at < text.Length && text[at] != quote && text[at] != '\n')
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        return Math.Min(at + 1, text.Length);
    }

    private static int EndOfVerbatim(string text, int at)
    {
        while (at < text.Length)
        {
            if (text[at] != '"')
            {
                at++;
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                at += 2;
            }
            else
            {
                return at + 1;
            }
        }

        return at;
    }
}
