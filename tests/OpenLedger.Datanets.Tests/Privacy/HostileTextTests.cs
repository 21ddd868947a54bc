using System.Diagnostics;
using OpenLedger.Datanets.Privacy;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Tests.Privacy;

/// <summary>A megabyte of whatever makes recognisers work hardest: the time must grow with the length, not with its square.</summary>
public class HostileTextTests(ITestOutputHelper output)
{
    private const int Length = 1_000_000;

    // Several times what the slowest pattern takes on one core; a quadratic step on a megabyte takes minutes.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly PersonalDataScanner Scanner = new(new PersonalDataScannerOptions
    {
        Recognizers = [.. PersonalDataRecognizers.Default, .. PersonalDataRecognizers.Names],
        Threshold = 0,
    });

    [Fact]
    public void Scan_ManyTextsBelowALongName_EndsInTime()
    {
        // A path or a label per text would be tens of gigabytes.
        string name = string.Concat(Enumerable.Repeat("password ", 40_000));
        string texts = string.Join(',', Enumerable.Repeat("\"8.8.8.8\"", 60_000));
        DatanetRecord record = DatanetRecord.Parse($$"""{"{{name}}":[{{texts}}]}""");
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<PersonalDataFinding> findings = Scanner.Scan(record);
        AnonymizedRecord clean = new PersonalDataAnonymizer(Scanner, new AnonymizerOptions { Default = PersonalDataOperator.Mask() }).Apply(record);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        output.WriteLine($"{elapsed.TotalMilliseconds,8:F0} ms");
        Assert.Equal(60_000, findings.Count);
        Assert.Equal(60_000, clean.Findings.Count);
        Assert.InRange(findings[^1].Path.Length, 1, 60);
        Assert.True(elapsed < Limit, $"{elapsed}");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1 ")]
    [InlineData("123 ")]
    [InlineData("12-34-")]
    [InlineData("123.")]
    [InlineData("4111 1111 1111 1111 ")]
    [InlineData("123456789 ")]
    [InlineData("0912345678 ")]
    [InlineData("call 0912345678 phone ")]
    [InlineData("card4111111111111111card ")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("a@a.")]
    [InlineData("a@a.a")]
    [InlineData("a.")]
    [InlineData("a")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1")]
    [InlineData("a1")]
    [InlineData("0x")]
    [InlineData("deadbeef0")]
    [InlineData("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ")]
    [InlineData("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq ")]
    [InlineData("GB82")]
    [InlineData("GB82 WEST ")]
    [InlineData("://")]
    [InlineData("http://a:b@c?token=")]
    [InlineData("http://a?token=1&")]
    [InlineData(":")]
    [InlineData("1:")]
    [InlineData("::1 ")]
    [InlineData("aa:bb:")]
    [InlineData("1.1.1.")]
    [InlineData("password=")]
    [InlineData("password = ")]
    [InlineData("password is a1 ")]
    [InlineData("user=;password=")]
    [InlineData("token: a1b2c3d4e5f6g7h8i9 ")]
    [InlineData("eyJ")]
    [InlineData(".eyJ")]
    [InlineData("eyJaaaaaaaaaa.eyJaaaaaaaaaa.")]
    [InlineData("ya29.")]
    [InlineData("SG.")]
    [InlineData("sk-")]
    [InlineData("-----BEGIN ")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("mnemonic:")]
    [InlineData("mnemonic: abandon abandon ")]
    [InlineData("abandon ")]
    [InlineData("(")]
    [InlineData("+1(")]
    [InlineData("51F-123.45 ")]
    [InlineData("Mr. ")]
    [InlineData("Nguyễn ")]
    [InlineData("1 đường ")]
    [InlineData("1 đường a, phường ")]
    [InlineData("born 1/1/1 ")]
    [InlineData("1 January ")]
    [InlineData("\u0301")]
    [InlineData("\uD800")]
    [InlineData("-")]
    [InlineData(" ")]
    public void Scan_OneMegabyte_EndsInTime(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, Length / unit.Length));
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<PersonalDataSpan> spans = Scanner.Scan(text);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        output.WriteLine($"{elapsed.TotalMilliseconds,8:F0} ms, {spans.Count} spans");
        Assert.True(elapsed < Limit, $"{elapsed} for '{unit}'");
        int end = 0;
        foreach (PersonalDataSpan span in spans)
        {
            Assert.True(span.Start >= end && span.End <= text.Length);
            end = span.End;
        }
    }
}
