using OpenLedger.Datanets.Privacy;

namespace OpenLedger.Datanets.Tests.Privacy;

/// <summary>Keys are put together from parts, so that no scanner takes this file for a leak.</summary>
public class SecretTests
{
    private const string Body = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z6";

    private static readonly PersonalDataScanner Scanner = new();

    public static TheoryData<string, string, string> Found => new()
    {
        { "key AKIA" + "IOSFODNN7ABCDEFG now", "AWS_ACCESS_KEY_ID", "AKIA" + "IOSFODNN7ABCDEFG" },
        { "ghp_" + Body[..36], "GIT_TOKEN", "ghp_" + Body[..36] },
        { "x=github_pat_" + Body[..40] + ";", "GIT_TOKEN", "github_pat_" + Body[..40] },
        { "glpat-" + Body[..20], "GIT_TOKEN", "glpat-" + Body[..20] },
        { "xoxb-" + "123456789012-" + Body[..24], "SLACK_TOKEN", "xoxb-" + "123456789012-" + Body[..24] },
        { "AIza" + Body[..35], "GOOGLE_API_KEY", "AIza" + Body[..35] },
        { "sk_live_" + Body[..24], "STRIPE_KEY", "sk_live_" + Body[..24] },
        { "sk-" + Body[..48] + ".", "SERVICE_TOKEN", "sk-" + Body[..48] },
        { "hf_" + Body[..34], "SERVICE_TOKEN", "hf_" + Body[..34] },
        { "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P", "JWT",
            "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P" },
        { "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEabc+/=\n-----END RSA PRIVATE KEY-----\n", "PEM_PRIVATE_KEY",
            "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEabc+/=\n-----END RSA PRIVATE KEY-----" },
        { "-----BEGIN " + "PRIVATE KEY-----\nMIIEabc\nDEF, and the rest was cut", "PEM_PRIVATE_KEY", "-----BEGIN " + "PRIVATE KEY-----\nMIIEabc\nDEF" },
        { "private key: 0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318", "PRIVATE_KEY",
            "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318" },
        { "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318", "PRIVATE_KEY",
            "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318" },
        { "khóa riêng 4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318", "PRIVATE_KEY",
            "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318" },
        { "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "PRIVATE_KEY", "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ" },
        { "seed phrase: legal winner thank year wave sausage worth useful legal winner thank yellow.", "SEED_PHRASE",
            "legal winner thank year wave sausage worth useful legal winner thank yellow" },
        { "cụm từ khôi phục là legal winner thank year wave sausage worth useful legal winner thank yellow", "SEED_PHRASE",
            "legal winner thank year wave sausage worth useful legal winner thank yellow" },
        { "password=hunter2x", "CREDENTIAL", "hunter2x" },
        { "DB_PASSWORD: 'p4ssw0rd!x'", "CREDENTIAL", "p4ssw0rd!x" },
        { "my password is Tr0ub4dor&3", "CREDENTIAL", "Tr0ub4dor" },
        { "{\"api_key\": \"9f8e7d6c5b4a39281706\"}", "CREDENTIAL", "9f8e7d6c5b4a39281706" },
        { "Authorization: Bearer " + Body[..30], "CREDENTIAL", Body[..30] },
        { "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzz9KEY", "AWS_SECRET_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzz9KEY" },
        { "Server=db;User Id=app;Password=letmein;Encrypt=true", "CONNECTION_STRING", "letmein" },
        { "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA==", "CONNECTION_STRING",
            "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA==" },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public void Scan_Secret_IsFound(string text, string entity, string value)
    {
        PersonalDataSpan span = Assert.Single(Scanner.Scan(text));
        Assert.Equal((entity, value), (span.Entity.Name, text.Substring(span.Start, span.Length)));
        Assert.True(span.Entity.IsSecret);
        Assert.Equal("secret_" + entity.ToLowerInvariant(), span.Entity.Code);
    }

    [Theory]
    [InlineData("password: required, at least 8 characters")]
    [InlineData("password=<your-password1>")]
    [InlineData("password = os.environ['DB_PASS1']")]
    [InlineData("password: ${DB_PASSWORD1}")]
    [InlineData("token = tokenizer.next(1)")]
    [InlineData("The tokenizer: bert-base-uncased2")]
    [InlineData("api_key=YOUR_API_KEY_1234567890")]
    [InlineData("secret: the 3rd door on the left")]
    [InlineData("passwords are hashed with sha256")]
    [InlineData("password: /etc/secrets/p4ss")]
    [InlineData("risk-adjusted task-based sk-learn ghp_short hf_model")]
    [InlineData("AKIAIOSFODNN7abcdefg")]
    [InlineData("eyJ is how it begins")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----")]
    [InlineData("a mnemonic: every good boy does fine and the rest is up to you all day long")]
    [InlineData("seed phrase: legal winner thank year wave sausage worth useful legal winner thank")]
    public void Scan_LookAlike_IsNotReported(string text) => Assert.Empty(Scanner.Scan(text));
}
