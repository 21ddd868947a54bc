using System.Buffers;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Web addresses, and the passwords and tokens inside them.</summary>
internal sealed class UrlRecognizer : IPiiRecognizer
{
    private const int MaxScheme = 20;
    private const int MaxLength = 2048;
    private const double PlainScore = 0.3;
    private const double DocumentationScore = 0.2;
    private const double TokenScore = 0.9;
    private const int MinToken = 8;

    private static readonly SearchValues<char> Stops = SearchValues.Create(" \t\r\n\"'<>`{}\\^|\u00A0\u3000“”‘’");

    private static readonly string[] SecretParameters =
    [
        "token", "access_token", "id_token", "refresh_token", "auth", "api_key", "apikey", "api-key", "key", "secret", "client_secret", "password",
        "passwd", "pwd", "sig", "signature", "x-amz-signature", "x-amz-credential", "x-amz-security-token", "code", "session", "sessionid",
    ];

    public string Name => "Url";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.Url, PersonalDataEntity.UrlCredentials];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> source = text.Text;
        int position = 0;
        while (true)
        {
            int skip = source[position..].IndexOf("://", StringComparison.Ordinal);
            if (skip < 0)
            {
                return;
            }

            int colon = position + skip;
            int start = colon;
            while (start > Math.Max(position, colon - MaxScheme)
                && (char.IsAsciiLetterOrDigit(source[start - 1]) || source[start - 1] is '+' or '-' or '.'))
            {
                start--;
            }

            ReadOnlySpan<char> rest = source.Slice(colon + 3, Math.Min(MaxLength, source.Length - colon - 3));
            int stop = rest.IndexOfAny(Stops);
            int end = colon + 3 + TrimmedLength(stop < 0 ? rest : rest[..stop]);
            position = Math.Max(end, colon + 3);
            if (start < colon && char.IsAsciiLetter(source[start]) && end - colon > 4)
            {
                Add(source, start, colon + 3, end, candidates);
            }
        }
    }

    private static int TrimmedLength(ReadOnlySpan<char> url)
    {
        int length = url.Length;
        while (length > 0 && url[length - 1] is '.' or ',' or ';' or ':' or '!' or '?' or ')' or ']' or '*')
        {
            // A closing bracket belongs to the address when it was opened there.
            if (url[length - 1] == ')' && url[..length].Contains('('))
            {
                break;
            }

            length--;
        }

        return length;
    }

    private static void Add(ReadOnlySpan<char> text, int start, int authority, int end, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> rest = text[authority..end];
        int path = rest.IndexOfAny('/', '?', '#');
        ReadOnlySpan<char> host = path < 0 ? rest : rest[..path];
        int at = host.LastIndexOf('@');
        ReadOnlySpan<char> login = at < 0 ? [] : host[..at];
        int colon = login.IndexOf(':');
        if (colon >= 0 && colon + 1 < login.Length)
        {
            candidates.Add(new PersonalDataCandidate(
                authority, at, PersonalDataEntity.UrlCredentials, 1.0, "user and password before the host"));
        }

        string scheme = text[start..(authority - 3)].ToString();
        if (scheme is "http" or "https" or "HTTP" or "HTTPS" or "ftp")
        {
            ReadOnlySpan<char> name = host[(at + 1)..];
            int port = name.IndexOf(':');
            bool reserved = ReservedNames.IsDocumentation(port < 0 ? name : name[..port]);
            candidates.Add(new PersonalDataCandidate(
                start, end - start, PersonalDataEntity.Url, reserved ? DocumentationScore : PlainScore, "web address"));
        }

        AddParameters(rest, authority, candidates);
    }

    private static void AddParameters(ReadOnlySpan<char> rest, int offset, ICollection<PersonalDataCandidate> candidates)
    {
        int query = rest.IndexOfAny('?', '#');
        while (query >= 0 && query < rest.Length)
        {
            int begin = query + 1;
            int next = begin < rest.Length ? rest[begin..].IndexOfAny('&', ';', '#') : -1;
            int close = next < 0 ? rest.Length : begin + next;
            ReadOnlySpan<char> pair = begin < close ? rest[begin..close] : [];
            int equals = pair.IndexOf('=');
            if (equals > 0 && pair.Length - equals - 1 >= MinToken && IsSecretParameter(pair[..equals])
                && SecretShape.LooksRandom(pair[(equals + 1)..]))
            {
                candidates.Add(new PersonalDataCandidate(
                    offset + begin + equals + 1,
                    pair.Length - equals - 1,
                    PersonalDataEntity.UrlCredentials,
                    TokenScore,
                    "secret parameter"));
            }

            query = next < 0 ? -1 : close;
        }
    }

    private static bool IsSecretParameter(ReadOnlySpan<char> name)
    {
        foreach (string secret in SecretParameters)
        {
            if (name.Equals(secret, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
