using System.Buffers;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Keys and tokens that their issuer marks with a prefix, JSON Web Tokens and PEM private keys.</summary>
internal sealed class PrefixedSecretRecognizer : IPiiRecognizer
{
    private const int MaxPem = 16 * 1024;
    private const int MaxToken = 4096;
    private const string PemBegin = "-----BEGIN ";
    private const string JwtBegin = "eyJ";
    private const double MinEntropy = 2.5;

    private static readonly SearchValues<char> Word = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private static readonly (string Prefix, PersonalDataEntity Entity, int MinBody, int MaxBody, string Issuer)[] Rules =
    [
        ("AKIA", PersonalDataEntity.AwsAccessKeyId, 16, 16, "AWS"),
        ("ASIA", PersonalDataEntity.AwsAccessKeyId, 16, 16, "AWS"),
        ("ABIA", PersonalDataEntity.AwsAccessKeyId, 16, 16, "AWS"),
        ("ACCA", PersonalDataEntity.AwsAccessKeyId, 16, 16, "AWS"),
        ("ghp_", PersonalDataEntity.GitToken, 36, 255, "GitHub"),
        ("gho_", PersonalDataEntity.GitToken, 36, 255, "GitHub"),
        ("ghu_", PersonalDataEntity.GitToken, 36, 255, "GitHub"),
        ("ghs_", PersonalDataEntity.GitToken, 36, 255, "GitHub"),
        ("ghr_", PersonalDataEntity.GitToken, 36, 255, "GitHub"),
        ("github_pat_", PersonalDataEntity.GitToken, 36, 255, "GitHub"),
        ("glpat-", PersonalDataEntity.GitToken, 20, 64, "GitLab"),
        ("xoxb-", PersonalDataEntity.SlackToken, 20, 255, "Slack"),
        ("xoxp-", PersonalDataEntity.SlackToken, 20, 255, "Slack"),
        ("xoxa-", PersonalDataEntity.SlackToken, 20, 255, "Slack"),
        ("xoxr-", PersonalDataEntity.SlackToken, 20, 255, "Slack"),
        ("xoxs-", PersonalDataEntity.SlackToken, 20, 255, "Slack"),
        ("xapp-", PersonalDataEntity.SlackToken, 20, 255, "Slack"),
        ("AIza", PersonalDataEntity.GoogleApiKey, 35, 35, "Google"),
        ("ya29.", PersonalDataEntity.GoogleApiKey, 20, 1024, "Google OAuth"),
        ("sk_live_", PersonalDataEntity.StripeKey, 16, 255, "Stripe"),
        ("rk_live_", PersonalDataEntity.StripeKey, 16, 255, "Stripe"),
        ("sk_test_", PersonalDataEntity.StripeKey, 16, 255, "Stripe"),
        ("rk_test_", PersonalDataEntity.StripeKey, 16, 255, "Stripe"),
        ("whsec_", PersonalDataEntity.StripeKey, 24, 255, "Stripe"),
        ("sk-proj-", PersonalDataEntity.ServiceToken, 32, 255, "OpenAI"),
        ("sk-ant-", PersonalDataEntity.ServiceToken, 32, 255, "Anthropic"),
        ("sk-", PersonalDataEntity.ServiceToken, 32, 255, "model provider"),
        ("hf_", PersonalDataEntity.ServiceToken, 30, 64, "Hugging Face"),
        ("npm_", PersonalDataEntity.ServiceToken, 36, 36, "npm"),
        ("pypi-", PersonalDataEntity.ServiceToken, 50, 1024, "PyPI"),
        ("dop_v1_", PersonalDataEntity.ServiceToken, 64, 64, "DigitalOcean"),
        ("shpat_", PersonalDataEntity.ServiceToken, 32, 32, "Shopify"),
        ("SG.", PersonalDataEntity.ServiceToken, 60, 80, "SendGrid"),
        ("hooks.slack.com/services/", PersonalDataEntity.SlackToken, 40, 64, "Slack webhook"),
    ];

    private static readonly SearchValues<string> Prefixes = SearchValues.Create(
        [.. Rules.Select(rule => rule.Prefix), PemBegin, JwtBegin], StringComparison.Ordinal);

    public string Name => "PrefixedSecret";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } =
    [
        .. Rules.Select(rule => rule.Entity).Distinct(), PersonalDataEntity.JsonWebToken, PersonalDataEntity.PemPrivateKey,
    ];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> source = text.Text;
        int position = 0;
        while (position < source.Length)
        {
            int skip = source[position..].IndexOfAny(Prefixes);
            if (skip < 0)
            {
                return;
            }

            int start = position + skip;
            ReadOnlySpan<char> rest = source[start..];
            bool bounded = start == 0 || !(char.IsLetterOrDigit(source[start - 1]) || source[start - 1] is '_' or '-');
            PersonalDataCandidate? found = rest.StartsWith(PemBegin, StringComparison.Ordinal) ? Pem(rest, start)
                : !bounded ? null
                : rest.StartsWith(JwtBegin, StringComparison.Ordinal) ? Jwt(rest, start)
                : Token(rest, start);
            if (found is PersonalDataCandidate candidate)
            {
                candidates.Add(candidate);
            }

            position = start + (found?.Length ?? 1);
        }
    }

    private static PersonalDataCandidate? Token(ReadOnlySpan<char> rest, int start)
    {
        foreach ((string prefix, PersonalDataEntity entity, int min, int max, string issuer) in Rules)
        {
            if (!rest.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            int length = BodyLength(rest[prefix.Length..], max + 1, withDots: prefix is "SG." or "ya29.", withSlashes: prefix.EndsWith('/'));
            ReadOnlySpan<char> body = rest.Slice(prefix.Length, length);
            bool awsShape = entity != PersonalDataEntity.AwsAccessKeyId || !body.ContainsAnyInRange('a', 'z');
            if (length >= min && length <= max && awsShape && SecretShape.Entropy(body) >= MinEntropy && body.ContainsAnyInRange('0', '9'))
            {
                return new PersonalDataCandidate(start, prefix.Length + length, entity, 1.0, $"prefix of {issuer}");
            }
        }

        return null;
    }

    private static int BodyLength(ReadOnlySpan<char> rest, int limit, bool withDots, bool withSlashes)
    {
        int length = 0;
        int end = Math.Min(rest.Length, limit);
        while (length < end && (Word.Contains(rest[length]) || (withDots && rest[length] == '.') || (withSlashes && rest[length] == '/')))
        {
            length++;
        }

        while (length > 0 && rest[length - 1] is '.' or '/')
        {
            length--;
        }

        return length;
    }

    // RFC 7519: three base64url parts; the first begins with {" so both JSON parts begin with eyJ.
    private static PersonalDataCandidate? Jwt(ReadOnlySpan<char> rest, int start)
    {
        int header = BodyLength(rest, MaxToken, withDots: false, withSlashes: false);
        if (header < 10 || header + 4 > rest.Length || !rest[header..].StartsWith(".eyJ", StringComparison.Ordinal))
        {
            return null;
        }

        int payload = BodyLength(rest[(header + 1)..], MaxToken, withDots: false, withSlashes: false);
        int end = header + 1 + payload;
        if (end < rest.Length && rest[end] == '.')
        {
            end += 1 + BodyLength(rest[(end + 1)..], MaxToken, withDots: false, withSlashes: false);
        }

        return payload < 10 ? null : new PersonalDataCandidate(start, end, PersonalDataEntity.JsonWebToken, 1.0, "header and payload of a JWT");
    }

    private static PersonalDataCandidate? Pem(ReadOnlySpan<char> rest, int start)
    {
        rest = rest[..Math.Min(rest.Length, MaxPem)];
        int label = rest[PemBegin.Length..].IndexOf("-----", StringComparison.Ordinal);
        if (label is < 0 or > 40 || !rest.Slice(PemBegin.Length, label).Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return null;
        }

        int body = PemBegin.Length + label + 5;
        int close = rest[body..].IndexOf("-----END ", StringComparison.Ordinal);
        int end = rest.Length;
        if (close >= 0)
        {
            int tail = body + close + 9;
            int dashes = rest[tail..].IndexOf("-----", StringComparison.Ordinal);
            end = dashes < 0 ? tail : tail + dashes + 5;
        }
        else
        {
            // A key that was cut off: its base64 lines are still secret.
            end = body;
            while (end < rest.Length && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] is '+' or '/' or '=' or '\n' or '\r' or '\\'))
            {
                end++;
            }
        }

        return new PersonalDataCandidate(start, end, PersonalDataEntity.PemPrivateKey, 1.0, close >= 0 ? "PEM block" : "cut-off PEM block");
    }
}
