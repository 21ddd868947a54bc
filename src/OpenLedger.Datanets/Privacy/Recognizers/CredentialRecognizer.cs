using System.Buffers;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Values assigned to a telling name: <c>password=…</c>, <c>"api_key": "…"</c>, <c>mật khẩu là …</c>, <c>Bearer …</c>.</summary>
/// <remarks>
/// The value must look made up (letters with digits, entropy), because <c>password: required</c> and <c>token = tokenizer.next()</c> are
/// ordinary text. Inside a connection string anything counts.
/// </remarks>
internal sealed class CredentialRecognizer : IPiiRecognizer
{
    private const int MaxIdentifier = 32;
    private const int MaxValue = 512;
    private const int MinPassword = 6;
    private const int MinToken = 12;
    private const int LongToken = 16;
    private const int MinConnectionPassword = 3;
    private const int AwsSecretLength = 40;
    private const int ConnectionWindow = 256;
    private const double TokenEntropy = 3.0;

    private const string VietnamesePassword = "mật khẩu";

    private static readonly string[] PasswordNames =
        ["password", "passwd", "passphrase", "passcode", "pwd", VietnamesePassword, "mat khau"];

    private static readonly string[] TokenNames =
    [
        "secret", "token", "api_key", "apikey", "api-key", "api key", "access_key", "accesskey", "access key", "private_key", "privatekey",
        "account_key", "accountkey", "bearer", "encryption_key", "auth_key", "authkey",
    ];

    private static readonly string[] ConnectionParts =
    [
        "server=", "data source=", "host=", "hostname=", "user id=", "userid=", "uid=", "username=", "user=", "endpoint=", "accountname=",
        "defaultendpointsprotocol=", "initial catalog=", "database=",
    ];

    // One set with a word beyond ASCII is searched many times slower than this one and that word apart.
    private static readonly SearchValues<string> AsciiNames = SearchValues.Create(
        [.. PasswordNames.Concat(TokenNames).Where(name => System.Text.Ascii.IsValid(name))], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> AllNames =
        SearchValues.Create([.. PasswordNames, .. TokenNames], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> ConnectionPart = SearchValues.Create(ConnectionParts, StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<char> ValueStops = SearchValues.Create(" \t\r\n\"'`,;<>&|{}[]\u00A0“”‘’");
    private static readonly SearchValues<char> CodeSigns = SearchValues.Create("()\\");
    private static readonly SearchValues<char> PasswordSigns = SearchValues.Create("!@#$%^*+?~");

    public string Name => "Credential";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } =
        [PersonalDataEntity.Credential, PersonalDataEntity.ConnectionString, PersonalDataEntity.AwsSecretKey];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        FindLabelled(text, candidates);
        ReadOnlySpan<char> source = text.Text;
        int position = 0;
        while (position < source.Length)
        {
            int skip = source[position..].IndexOfAny(AsciiNames);
            if (skip < 0)
            {
                break;
            }

            int name = position + skip;
            ReadOnlySpan<char> rest = source[name..];
            bool isPassword = StartsWithAny(rest, PasswordNames, out int length);
            if (!isPassword)
            {
                StartsWithAny(rest, TokenNames, out length);
            }

            position = AfterName(source, name, length, isPassword, candidates);
        }

        if (text.IsVietnamese)
        {
            FindAfter(source, "khẩu", candidates);
            FindAfter(source, "KHẨU", candidates);
        }
    }

    // The last syllable of "mật khẩu" is rarer than the first, and its consonants are ASCII.
    private static void FindAfter(ReadOnlySpan<char> text, string syllable, ICollection<PersonalDataCandidate> candidates)
    {
        int position = 0;
        while (text[position..].IndexOf(syllable, StringComparison.Ordinal) is >= 0 and int skip)
        {
            position += skip + syllable.Length;
            int name = position - VietnamesePassword.Length;
            if (name >= 0 && text[name..position].Equals(VietnamesePassword, StringComparison.OrdinalIgnoreCase))
            {
                position = AfterName(text, name, VietnamesePassword.Length, isPassword: true, candidates);
            }
        }
    }

    // Judges what is assigned to a name; returns where to look on.
    private static int AfterName(
        ReadOnlySpan<char> text, int name, int length, bool isPassword, ICollection<PersonalDataCandidate> candidates)
    {
        int position = name + length;
        int value = ValueStart(text, position, out bool natural, out bool equals);
        return value > 0 ? Math.Max(position, Add(text, name, value, isPassword, natural, equals, candidates)) : position;
    }

    // A member named "password" holds one, when its text is a single word.
    private static void FindLabelled(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> label = text.Label;
        if (label.IsEmpty || label.IndexOfAny(AllNames) < 0 || text.Text.Length is < MinPassword or > MaxValue || text.Text.AsSpan().ContainsAny(ValueStops))
        {
            return;
        }

        bool isPassword = ContainsAny(label, PasswordNames);
        if (Judge(text.Text, isPassword, natural: false) is double score and > 0)
        {
            candidates.Add(new PersonalDataCandidate(
                0, text.Text.Length, EntityOf(label, text.Text), score, "value of a member with a telling name"));
        }
    }

    private static bool StartsWithAny(ReadOnlySpan<char> rest, string[] names, out int length)
    {
        length = 1;
        bool found = false;
        foreach (string name in names)
        {
            if (name.Length > length && rest.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                length = name.Length;
                found = true;
            }
        }

        return found;
    }

    private static bool ContainsAny(ReadOnlySpan<char> text, string[] names)
    {
        foreach (string name in names)
        {
            if (text.Contains(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // Where the value begins after the name, or 0 when nothing is assigned.
    private static int ValueStart(ReadOnlySpan<char> text, int position, out bool natural, out bool equals)
    {
        natural = false;
        equals = false;
        if (position < text.Length && char.IsAsciiLetterLower(text[position]) && char.IsLetter(text[position - 1]))
        {
            return 0;
        }

        int limit = Math.Min(text.Length, position + MaxIdentifier);
        while (position < limit && (char.IsAsciiLetterOrDigit(text[position]) || text[position] is '_' or '-' or '.'))
        {
            position++;
        }

        position = Skip(text, position, "\"'`]*", 2);
        position = Skip(text, position, " \t", 3);
        ReadOnlySpan<char> rest = text[position..];
        if (rest.StartsWith("=>") || rest.StartsWith(":="))
        {
            position += 2;
        }
        else if (rest.Length > 0 && rest[0] is ':' or '=' && !rest.StartsWith("=="))
        {
            equals = rest[0] == '=';
            position++;
        }
        else if (rest.StartsWith("is ", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("là ", StringComparison.OrdinalIgnoreCase)
            || rest.StartsWith("la ", StringComparison.OrdinalIgnoreCase))
        {
            natural = true;
            position += 3;
            position = Skip(text, position, ":", 1);
        }
        else if (position > 6 && text[..position].EndsWith("bearer ", StringComparison.OrdinalIgnoreCase))
        {
            natural = false;
        }
        else
        {
            return 0;
        }

        position = Skip(text, position, " \t", 3);
        return Skip(text, position, "\"'`“‘*", 2);
    }

    private static int Skip(ReadOnlySpan<char> text, int position, string signs, int most)
    {
        for (int i = 0; i < most && position < text.Length && signs.Contains(text[position], StringComparison.Ordinal); i++)
        {
            position++;
        }

        return position;
    }

    private static int Add(
        ReadOnlySpan<char> text, int name, int start, bool isPassword, bool natural, bool equals, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> rest = text.Slice(start, Math.Min(MaxValue, text.Length - start));
        int stop = rest.IndexOfAny(ValueStops);
        ReadOnlySpan<char> value = (stop < 0 ? rest : rest[..stop]).TrimEnd(".,:?!*)");
        int end = start + value.Length;
        if (equals && IsConnectionString(text, name) && value.Length >= MinConnectionPassword && !SecretShape.IsPlaceholder(value))
        {
            candidates.Add(new PersonalDataCandidate(start, value.Length, PersonalDataEntity.ConnectionString, 1.0, "key of a connection string"));
            return end;
        }

        double score = Judge(value, isPassword, natural);
        if (score > 0)
        {
            int beginning = Math.Max(0, name - MaxIdentifier);
            PersonalDataEntity entity = EntityOf(text[beginning..start], value);
            candidates.Add(new PersonalDataCandidate(start, value.Length, entity, score, "value assigned to a telling name"));
        }

        return score > 0 ? end : start;
    }

    private static bool IsConnectionString(ReadOnlySpan<char> text, int name)
    {
        int from = Math.Max(0, name - ConnectionWindow);
        ReadOnlySpan<char> before = text[from..name];
        int line = before.LastIndexOfAny('\n', '\r');
        before = line < 0 ? before : before[(line + 1)..];
        return before.Contains(';') && before.ContainsAny(ConnectionPart);
    }

    private static double Judge(ReadOnlySpan<char> value, bool isPassword, bool natural)
    {
        if (value.Length < MinPassword || value.ContainsAny(CodeSigns) || SecretShape.IsPlaceholder(value) || IsPath(value))
        {
            return 0;
        }

        bool mixed = SecretShape.HasDigitAndLetter(value);
        if (isPassword)
        {
            bool cased = value.ContainsAnyInRange('a', 'z') && value.ContainsAnyInRange('A', 'Z');
            bool signs = value.ContainsAny(PasswordSigns);
            return mixed && !IsHashName(value) ? natural ? 0.7 : 0.8 : cased && signs ? 0.6 : 0;
        }

        return value.Length >= MinToken && mixed && SecretShape.Entropy(value) >= TokenEntropy && !value.Contains('@')
            ? value.Length >= LongToken ? 0.85 : 0.6
            : 0;
    }

    private static bool IsPath(ReadOnlySpan<char> value) => value[0] is '/' or '.' or '~' || value.Contains("://", StringComparison.Ordinal);

    private static bool IsHashName(ReadOnlySpan<char> value) =>
        value.StartsWith("sha", StringComparison.OrdinalIgnoreCase) && value.Length <= 8
        || value.StartsWith("argon2", StringComparison.OrdinalIgnoreCase) && value.Length <= 8;

    private static PersonalDataEntity EntityOf(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        bool aws = value.Length == AwsSecretLength
            && (name.Contains("aws", StringComparison.OrdinalIgnoreCase) || name.Contains("secret_access_key", StringComparison.OrdinalIgnoreCase)
                || name.Contains("secretaccesskey", StringComparison.OrdinalIgnoreCase));
        return aws ? PersonalDataEntity.AwsSecretKey : PersonalDataEntity.Credential;
    }
}
