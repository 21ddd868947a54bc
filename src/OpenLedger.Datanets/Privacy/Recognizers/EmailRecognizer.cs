using System.Buffers;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>E-mail addresses: the unquoted forms of RFC 5321, also with letters beyond ASCII (RFC 6531).</summary>
internal sealed class EmailRecognizer : IPiiRecognizer
{
    private const int MaxLocal = 64;
    private const int MaxDomain = 253;
    private const int MaxLabel = 63;
    private const double Score = 1.0;
    private const double DocumentationScore = 0.3;

    private static readonly SearchValues<char> LocalSpecials = SearchValues.Create("!#$%&'*+-/=?^_`{|}~.");
    private static readonly SearchValues<char> Delimiters = SearchValues.Create("/=|?&{}`");

    public string Name => "Email";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.Email];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        string source = text.Text;
        int at = source.IndexOf('@', StringComparison.Ordinal);
        int done = 0;
        while (at >= 0)
        {
            int start = LocalStart(source, at, done);
            int end = start < at ? DomainEnd(source, at + 1) : 0;
            if (end > 0)
            {
                if (IsUserInformation(source.AsSpan(0, start)))
                {
                    done = at + 1;
                    at = Next(source, at);
                    continue;
                }

                bool reserved = ReservedNames.IsDocumentation(source.AsSpan(at + 1, end - at - 1));
                candidates.Add(new PersonalDataCandidate(
                    start,
                    end - start,
                    PersonalDataEntity.Email,
                    reserved ? DocumentationScore : Score,
                    reserved ? "address, domain reserved for documentation" : "address"));
                done = end;
            }

            at = Next(source, at);
        }
    }

    private static int Next(string text, int at)
    {
        int next = text.AsSpan(at + 1).IndexOf('@');
        return next < 0 ? -1 : at + 1 + next;
    }

    // "https://user:password@host.com": what stands before the host is no local part.
    private static bool IsUserInformation(ReadOnlySpan<char> before)
    {
        int position = before.Length;
        int least = Math.Max(0, position - MaxLocal);
        while (position > least && !char.IsWhiteSpace(before[position - 1]) && before[position - 1] != '/')
        {
            position--;
        }

        return before[..position].EndsWith("://", StringComparison.Ordinal);
    }

    private static int LocalStart(string text, int at, int floor)
    {
        int start = at;
        int least = Math.Max(floor, at - MaxLocal);
        while (start > least && IsLocal(text[start - 1]))
        {
            start--;
        }

        // Signs are legal anywhere in the local part, but at its beginning they are punctuation or URL syntax nearly always.
        while (start < at && !char.IsLetterOrDigit(text[start]) && text[start] != '_')
        {
            start++;
        }

        int slash = text.AsSpan(start, at - start).LastIndexOfAny(Delimiters);
        start = slash < 0 ? start : start + slash + 1;
        return text[at - 1 < 0 ? 0 : at - 1] == '.' ? at : start;
    }

    private static bool IsLocal(char c) => char.IsAsciiLetterOrDigit(c) || LocalSpecials.Contains(c) || (c > 0x7F && char.IsLetter(c));

    private static int DomainEnd(string text, int start)
    {
        int limit = Math.Min(text.Length, start + MaxDomain);
        int label = start;
        int position = start;
        int end = 0;
        while (position <= limit)
        {
            char c = position < limit ? text[position] : '\0';
            if (char.IsLetterOrDigit(c) || c == '-')
            {
                position++;
                continue;
            }

            int length = position - label;
            if (length is 0 or > MaxLabel || text[label] == '-' || text[position - 1] == '-')
            {
                break;
            }

            if (label > start && length >= 2 && IsTopLevel(text.AsSpan(label, length)))
            {
                end = position;
            }

            if (c != '.')
            {
                break;
            }

            label = ++position;
        }

        return end;
    }

    private static bool IsTopLevel(ReadOnlySpan<char> label)
    {
        if (label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (char c in label)
        {
            if (!char.IsLetter(c))
            {
                return false;
            }
        }

        return true;
    }
}
