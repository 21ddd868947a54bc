using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using OpenLedger.Datanets.Privacy;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Tests.Privacy;

public class PersonalDataScannerTests
{
    // Letters, digits, signs and words that recognisers look for: random text of these meets every branch.
    private static readonly string[] Pieces =
    [
        "a", "B", "é", "đ", "0", "1", "9", "12", "007", "0912345678", "4111111111111111", "@", ".", "-", ":", "/", "(", ")", "+", " ", "\n", "_", "=",
        "x", "://", "http", "gmail.com", "card", "phone ", "call ", "password", "token: ", "GB82WEST12345698765432", "::", "fe80", "AKIA", "eyJ",
        "-----BEGIN PRIVATE KEY-----", "seed phrase: ", "abandon ", "0x", "deadbeef", "SSN ", "531-21-7351", "born ", "12/3/1980", "\uD83D\uDE00",
        "\u0301", "số ", "CCCD ", "001099012345", "Mr. ", "Nguyễn ", "Văn ", "51F-123.45", ",", ";", "\"", "%", "$", "\0", "\uD800",
    ];

    private static readonly PersonalDataScanner Scanner = new();

    [Theory]

    // Electronic addresses.
    [InlineData("write to john.doe+x@mail.example.io!", "EMAIL", "john.doe+x@mail.example.io")]
    [InlineData("mailto:a_b@c-d.co.uk.", "EMAIL", "a_b@c-d.co.uk")]
    [InlineData("'quoted'<ann@xn--bcher-kva.de>", "EMAIL", "ann@xn--bcher-kva.de")]
    [InlineData("from 8.8.8.8 and 10.0.0.1", "IP_ADDRESS", "8.8.8.8")]
    [InlineData("host 2a00:1450:4001:81b::200e up", "IP_ADDRESS", "2a00:1450:4001:81b::200e")]
    [InlineData("eth0 3c:52:82:a1:b2:c3 up", "MAC_ADDRESS", "3c:52:82:a1:b2:c3")]
    [InlineData("3C-52-82-A1-B2-C3", "MAC_ADDRESS", "3C-52-82-A1-B2-C3")]
    [InlineData("arp 3c52.82a1.b2c3", "MAC_ADDRESS", "3c52.82a1.b2c3")]
    [InlineData("postgres://app:s3cr3t@db.internal/app", "URL_CREDENTIALS", "app:s3cr3t")]
    [InlineData("GET https://api.site.io/v1?user=1&token=9f8e7d6c5b4a3210", "URL_CREDENTIALS", "9f8e7d6c5b4a3210")]

    // Telephone numbers of other plans.
    [InlineData("+1 (415) 555-2671", "PHONE", "+1 (415) 555-2671")]
    [InlineData("(415) 867-5309 ext. 12", "PHONE", "(415) 867-5309 ext. 12")]
    [InlineData("Rufen Sie 030/1234567 an", "PHONE", "030/1234567")]
    [InlineData("01 42 68 53 00 le matin", "PHONE", "01 42 68 53 00")]
    [InlineData("020 7946 0958 after six", "PHONE", "020 7946 0958")]
    [InlineData("call 555 0199 now", "PHONE", "555 0199")]

    // Money.
    [InlineData("Amex 3782 822463 10005", "CREDIT_CARD", "3782 822463 10005")]
    [InlineData("5555-5555-5555-4444", "CREDIT_CARD", "5555-5555-5555-4444")]
    [InlineData("card 6759649826438453", "CREDIT_CARD", "6759649826438453")]
    [InlineData("IBAN gb82 west 1234 5698 7654 32.", "IBAN", "gb82 west 1234 5698 7654 32")]
    [InlineData("pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "CRYPTO_ADDRESS", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")]
    [InlineData("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "CRYPTO_ADDRESS", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7 paid", "CRYPTO_ADDRESS", "0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("routing number 021000021", "BANK_ACCOUNT", "021000021")]

    // National numbers.
    [InlineData("ssn 531 21 7351", "US_SSN", "531 21 7351")]
    [InlineData("my social security number is 531217351", "US_SSN", "531217351")]
    [InlineData("ITIN 912-70-1234", "US_ITIN", "912-70-1234")]
    [InlineData("NHS number 943 476 5919", "UK_NHS", "943 476 5919")]
    [InlineData("NI number AB123456C", "UK_NINO", "AB123456C")]
    [InlineData("DNI 12345678Z", "ES_NIF", "12345678Z")]
    [InlineData("NIE x1234567l", "ES_NIE", "x1234567l")]
    [InlineData("codice RSSMRA85T10A562S", "IT_FISCAL_CODE", "RSSMRA85T10A562S")]
    [InlineData("PESEL: 44051401359", "PL_PESEL", "44051401359")]
    [InlineData("S1234567D", "SG_NRIC", "S1234567D")]
    [InlineData("TFN 123 456 782", "AU_TFN", "123 456 782")]
    [InlineData("ABN 51 824 753 556", "AU_ABN", "51 824 753 556")]
    [InlineData("PAN ABCPE1234F", "IN_PAN", "ABCPE1234F")]
    [InlineData("9999 4105 7058", "IN_AADHAAR", "9999 4105 7058")]
    [InlineData("Steuer-ID 86 095 742 719", "DE_TAX_ID", "86 095 742 719")]
    [InlineData("NIR 2 55 08 14 168 025 38", "FR_NIR", "2 55 08 14 168 025 38")]
    [InlineData("BSN 111222333", "NL_BSN", "111222333")]
    [InlineData("529.982.247-25", "BR_CPF", "529.982.247-25")]
    [InlineData("11.222.333/0001-81", "BR_CNPJ", "11.222.333/0001-81")]
    [InlineData("身份证 11010519491231002X", "CN_RESIDENT_ID", "11010519491231002X")]
    [InlineData("passport no. X12345678", "PASSPORT", "X12345678")]
    [InlineData("born on March 3, 1985", "DATE_OF_BIRTH", "March 3, 1985")]
    [InlineData("DOB 3rd of March 1985", "DATE_OF_BIRTH", "3rd of March 1985")]
    [InlineData("Austin, TX 78701-1234", "POSTAL_CODE", "78701-1234")]
    public void Scan_KnownForm_IsFound(string text, string entity, string value)
    {
        PersonalDataSpan span = Assert.Single(Scanner.Scan(text));
        Assert.Equal((entity, value), (span.Entity.Name, text.Substring(span.Start, span.Length)));
        Assert.InRange(span.Score, 0.5, 1);
        Assert.NotEmpty(span.Why);
        Assert.DoesNotContain(value, span.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timestamp 4111111111111111")]
    [InlineData("order 4111 1111 1111 1111 has shipped")]
    [InlineData("4111111111111112")]
    [InlineData("9411111111111111")]
    [InlineData("a4111111111111111")]
    [InlineData("0.4111111111111111")]
    [InlineData("20240512103000123 and 1700000000000")]
    [InlineData("GB82 WEST 1234 5698 7654 33")]
    [InlineData("XX82 WEST 1234 5698 7654 32")]
    [InlineData("version 1.2.3.4")]
    [InlineData("1.2.3.4.5 and 256.1.1.1 and 01.2.3.4")]
    [InlineData("10.1.2.3, 192.168.1.1, 127.0.0.1, ::1, fe80::1:2:3, 192.0.2.7")]
    [InlineData("std::vector::begin, a::b, 12:30:45, 00:00:00:00:00:00")]
    [InlineData("me@localhost, @handle, a@b, x@y.1, joe@example.com, a@@b.com")]
    [InlineData("000-12-3456, 666-12-3456, 531-00-7351, 531-21-0000, 078-05-1120")]
    [InlineData("531-21-73512 and 1531-21-7351")]
    [InlineData("12345678A and S1234567E")]
    [InlineData("1-800 in 2024, 3-4 people, 1939-1945, 2024-05-12")]
    [InlineData("x = 125-5000 = 75, 7, 381-397 (1950), pp. 117-142, 218-234 (1945)")]
    [InlineData("https://www.site.org/a(b)?q=1")]
    [InlineData("the merger was announced on March 3, 1985")]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000001")]
    [InlineData("tx 0x9fc76417374aa880d4449a1f7f31ec597f00b1f6f3dd2d66f4c9c6c445836d8b")]
    [InlineData("sha256 9fc76417374aa880d4449a1f7f31ec597f00b1f6f3dd2d66f4c9c6c445836d8b")]
    public void Scan_LookAlike_IsNotReported(string text) => Assert.Empty(Scanner.Scan(text));

    [Fact]
    public void Scan_LowThreshold_AlsoReportsWeakCandidates()
    {
        PersonalDataScanner low = new(new PersonalDataScannerOptions { Threshold = 0.3 });
        Assert.Equal(["URL"], low.Scan("see https://www.site.org/a.").Select(span => span.Entity.Name));
        Assert.Equal(["PRIVATE_IP_ADDRESS"], low.Scan("10.1.2.3").Select(span => span.Entity.Name));
        Assert.Equal(["EMAIL"], low.Scan("joe@example.com").Select(span => span.Entity.Name));
    }

    [Fact]
    public void Scan_OverlappingCandidates_KeepsBetterThenLonger()
    {
        PersonalDataEntity a = PersonalDataEntity.Create("A_WORD"), b = PersonalDataEntity.Create("B_WORD"), c = PersonalDataEntity.Create("C_WORD");
        PersonalDataScanner scanner = new(new PersonalDataScannerOptions
        {
            Recognizers =
            [
                new PatternRecognizer("short", a, new Regex("xy", RegexOptions.NonBacktracking), new() { Score = 0.7 }),
                new PatternRecognizer("long", b, new Regex("xyz", RegexOptions.NonBacktracking), new() { Score = 0.7 }),
                new PatternRecognizer("sure", c, new Regex("q", RegexOptions.NonBacktracking), new() { Score = 0.9 }),
                new PatternRecognizer("unsure", a, new Regex("pqr", RegexOptions.NonBacktracking), new() { Score = 0.8 }),
            ],
        });
        Assert.Equal([("long", 0, 3), ("sure", 5, 1)], scanner.Scan("xyz pqr").Select(span => (span.Recognizer, span.Start, span.Length)));
    }

    [Theory]
    [InlineData("call me about order 0912345678", 0)]
    [InlineData("order by phone 0912345678", 1)]
    [InlineData("0912345678 (phone)", 1)]
    [InlineData("timestamp of the card 4111111111111111", 1)]
    [InlineData("card, timestamp 4111111111111111", 0)]
    [InlineData("call now: $1234567 to win", 0)]
    [InlineData("call now: 1234567 to win", 1)]
    [InlineData("9999 4105 7058 1234", 0)]
    [InlineData("1234 9999 4105 7058", 0)]
    [InlineData("9999 4105 7058, 1234", 1)]
    public void Scan_NearestWordAndNeighbours_Decide(string text, int count) => Assert.Equal(count, Scanner.Scan(text).Count);

    [Fact]
    public void Scan_NeighbouringNumbers_AreToldApart()
    {
        const string Text = "4111 1111 1111 1111 5555 5555 5555 4444; call 0912 345 678 0987 654 321, 9704 3600 0000 0008";
        Assert.Equal(
            ["4111 1111 1111 1111", "5555 5555 5555 4444", "0912 345 678", "0987 654 321", "9704 3600 0000 0008"],
            Scanner.Scan(Text).Select(span => Text.Substring(span.Start, span.Length)));
    }

    [Fact]
    public void Scan_AllowDenyAndEntities_AreObeyed()
    {
        const string Text = "ACME's Project Falcon: help@acme.io, ann@acme.io, 8.8.8.8; falconry";
        PersonalDataEntity codeName = PersonalDataEntity.Create("CODE_NAME");
        PersonalDataScanner scanner = new(new PersonalDataScannerOptions
        {
            AllowList = ["HELP@acme.io"],
            DenyList = new Dictionary<string, PersonalDataEntity> { ["project falcon"] = codeName, ["falcon"] = codeName },
            Entities = new HashSet<PersonalDataEntity> { PersonalDataEntity.Email, codeName },
        });
        Assert.Equal(
            [("Project Falcon", "pii_code_name"), ("ann@acme.io", "pii_email")],
            scanner.Scan(Text).Select(span => (Text.Substring(span.Start, span.Length), span.Entity.Code)));
    }

    [Fact]
    public void Scan_PatternRecognizer_UsesCheckAndContext()
    {
        PatternRecognizerOptions options = new()
        {
            Score = 0.3,
            Context = new ContextWords(["nhân viên", "employee"], ["room"]),
            IsValid = value => value[1] == '9',
        };
        PatternRecognizer unchecked_ = new(
            "staff", PersonalDataEntity.Create("STAFF"), new Regex(@"\bE\d{3}\b", RegexOptions.NonBacktracking), options with { IsValid = null });
        PatternRecognizer checked_ = new(
            "staff", PersonalDataEntity.Create("STAFF"), new Regex(@"\bE\d{3}\b", RegexOptions.NonBacktracking), options);
        PersonalDataScanner plain = new(new PersonalDataScannerOptions { Recognizers = [unchecked_] });
        PersonalDataScanner strict = new(new PersonalDataScannerOptions { Recognizers = [checked_] });
        Assert.Empty(plain.Scan("E123"));
        Assert.Equal(0.65, Assert.Single(plain.Scan("nhan vien E123")).Score, 9);
        Assert.Equal(1.0, Assert.Single(strict.Scan("E923")).Score);
        Assert.Empty(strict.Scan("employee E123"));
        Assert.Empty(strict.Scan("room E923"));
    }

    [Fact]
    public void PatternRecognizer_BacktrackingPattern_IsRefused()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(
            () => new PatternRecognizer("r", PersonalDataEntity.Email, new Regex("(a+)+$")));
        Assert.Contains("NonBacktracking", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_EveryFault_IsNamed()
    {
        PersonalDataScannerOptions options = new() { Threshold = 1.5, AllowList = [""], Recognizers = [], };
        ArgumentException fault = Assert.Throws<ArgumentException>(() => new PersonalDataScanner(options));
        Assert.Equal(
            "Recognizers and DenyList are both empty; nothing would be found. Threshold is 1.5; it must be from 0 to 1. "
            + "AllowList must be a list without null and empty text.",
            fault.Message);
        Assert.Throws<ArgumentException>(() => new PersonalDataScanner(new PersonalDataScannerOptions { Threshold = double.NaN }));
        Assert.Throws<ArgumentException>(() => new PatternRecognizerOptions { Score = -1 }.Validate());
        Assert.Throws<ArgumentException>(() => PersonalDataEntity.Create("email"));
        Assert.Throws<ArgumentException>(() => new ContextWords([" "]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ContextWords(["a"]) { Reach = 65 });
    }

    [Theory]
    [InlineData(-1, 1, 0.5)]
    [InlineData(0, 5, 0.5)]
    [InlineData(0, 0, 0.5)]
    [InlineData(4, int.MaxValue, 0.5)]
    [InlineData(0, 1, 1.5)]
    [InlineData(0, 1, double.NaN)]
    public void Scan_BrokenRecognizer_IsNamed(int start, int length, double score)
    {
        PersonalDataScanner scanner = new(new PersonalDataScannerOptions
        {
            Recognizers = [new FixedRecognizer(new PersonalDataCandidate(start, length, PersonalDataEntity.Email, score, ""))],
        });
        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => scanner.Scan("text"));
        Assert.Contains("'Fixed'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_Record_GivesPathsAndReadsMemberNames()
    {
        DatanetRecord record = DatanetRecord.Parse(
            """
            {"note": "hello", "số điện thoại": "91 234 56 78", "contact": {"phoneNumber": ["1234567", 7654321], "card": 4111111111111111},
             "password": "correct1horse", "odd.name": "8.8.8.8", "price": 1234567.5, "chat": [{"content": "mail bob@acme.io"}]}
            """);
        Assert.Equal(
            [
                ("$.chat[0].content", "EMAIL"), ("$.contact.card", "CREDIT_CARD"), ("$.contact.phoneNumber[0]", "PHONE"),
                ("$.contact.phoneNumber[1]", "PHONE"), ("$.odd.name", "IP_ADDRESS"), ("$.password", "CREDENTIAL"), ("$.số điện thoại", "PHONE"),
            ],
            Scanner.Scan(record).Select(finding => (finding.Path, finding.Span.Entity.Name)));
        PersonalDataScanner textOnly = new(new PersonalDataScannerOptions { ScanNumbers = false });
        Assert.Equal(5, textOnly.Scan(record).Count);
    }

    [Fact]
    public void Scan_AnyText_GivesOrderedSpansInsideIt()
    {
        PersonalDataScanner scanner = new(new PersonalDataScannerOptions
        {
            Recognizers = [.. PersonalDataRecognizers.Default, .. PersonalDataRecognizers.Names],
            Threshold = 0,
            DenyList = new Dictionary<string, PersonalDataEntity> { ["gmail"] = PersonalDataEntity.Url },
        });
        int found = 0;
        Gen.Int[0, Pieces.Length - 1].Array[0, 60].Sample(
            indices =>
            {
                string text = string.Concat(indices.Select(i => Pieces[i]));
                IReadOnlyList<PersonalDataSpan> spans = scanner.Scan(text);
                Interlocked.Add(ref found, spans.Count);
                int end = 0;
                foreach (PersonalDataSpan span in spans)
                {
                    Assert.True(span.Start >= end && span.Length > 0 && span.End <= text.Length);
                    Assert.InRange(span.Score, 0, 1);
                    end = span.End;
                }

                Assert.Equal(spans, scanner.Scan(text));
            },
            iter: 5_000);
        Assert.True(found > 1_000, string.Create(CultureInfo.InvariantCulture, $"only {found} spans: the pieces no longer meet the recognisers"));
    }

    private sealed class FixedRecognizer(PersonalDataCandidate candidate) : IPiiRecognizer
    {
        public string Name => "Fixed";

        public IReadOnlyList<PersonalDataEntity> Entities => [candidate.Entity];

        public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates) => candidates.Add(candidate);
    }
}
