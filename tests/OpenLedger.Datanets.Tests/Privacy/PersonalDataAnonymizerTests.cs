using CsCheck;
using OpenLedger.Datanets.Privacy;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Tests.Privacy;

public class PersonalDataAnonymizerTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    private static readonly PersonalDataScanner Scanner = new();

    [Fact]
    public void Apply_Default_WritesEntityNames()
    {
        PersonalDataAnonymizer anonymizer = new(Scanner);
        AnonymizedText result = anonymizer.Apply("Ann (ann@acme.io, +84 912 345 678) paid with 4111 1111 1111 1111.");
        Assert.Equal("Ann ([EMAIL], [PHONE]) paid with [CREDIT_CARD].", result.Text);
        Assert.Equal(["EMAIL", "PHONE", "CREDIT_CARD"], result.Edits.Select(edit => edit.Span.Entity.Name));
        Assert.Equal("nothing here", anonymizer.Apply("nothing here").Text);
        Assert.Equal("", anonymizer.Apply("").Text);
    }

    [Theory]
    [InlineData("4111 1111 1111 1111", 4, "**** **** **** 1111")]
    [InlineData("+84 912 345 678", 3, "+** *** *** 678")]
    [InlineData("ann@acme.io", 2, "***@****.io")]
    [InlineData("8.8.8.8", 4, "*.*.8.8")]
    [InlineData("4111 1111 1111 1111", 0, "**** **** **** ****")]
    [InlineData("password=hunter2x", 4, "password=********")]
    public void Apply_Mask_KeepsFormAndEnd(string text, int keepLast, string expected)
    {
        PersonalDataAnonymizer anonymizer = new(Scanner, new AnonymizerOptions { Default = PersonalDataOperator.Mask(keepLast) });
        Assert.Equal(expected, anonymizer.Apply(text).Text);
    }

    [Fact]
    public void Apply_Hash_IsKeyedAndStable()
    {
        PersonalDataAnonymizer anonymizer = new(Scanner, new AnonymizerOptions { Default = PersonalDataOperator.Hash(Key) });

        // printf 'EMAIL\0ann@acme.io' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0102030405060708090a0b0c0d0e0f10
        const string Digest = "00f97875b2564e61";
        Assert.Equal($"[EMAIL:{Digest}] and [EMAIL:{Digest}]", anonymizer.Apply("ann@acme.io and ann@acme.io").Text);
        byte[] other = [.. Key.Select(b => (byte)(b + 1))];
        Assert.NotEqual(
            anonymizer.Apply("ann@acme.io").Text,
            new PersonalDataAnonymizer(Scanner, new AnonymizerOptions { Default = PersonalDataOperator.Hash(other) }).Apply("ann@acme.io").Text);
    }

    [Fact]
    public void Operators_IllegalArguments_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => PersonalDataOperator.Hash(Key.AsSpan(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PersonalDataOperator.Hash(Key, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => PersonalDataOperator.Hash(Key, 65));
        Assert.Throws<ArgumentOutOfRangeException>(() => PersonalDataOperator.Mask(-1));
        Assert.Throws<ArgumentException>(() => PersonalDataOperator.Mask(4, 'x'));
        Assert.Throws<ArgumentException>(() => new AnonymizerOptions { Default = null! }.Validate());
    }

    [Fact]
    public void Apply_Replace_GivesEqualValuesEqualReplacementsThatAreNotFoundAgain()
    {
        PersonalDataAnonymizer anonymizer = new(Scanner, new AnonymizerOptions { Default = PersonalDataOperator.Replace });
        const string Text = "ann@acme.io, bob@acme.io, ann@acme.io; 8.8.8.8, 2a00:1450:4001:81b::200e; call +84 912 345 678; 3c:52:82:a1:b2:c3; SSN 531-21-7351";
        string replaced = anonymizer.Apply(Text).Text;
        Assert.Equal(
            "person1@example.com, person2@example.com, person1@example.com; 192.0.2.1, 2001:db8::2; call 202-555-0101; 00:00:5E:00:53:01; SSN [US_SSN_1]",
            replaced);
        Assert.Empty(Scanner.Scan(replaced));
    }

    [Fact]
    public void Apply_Operators_ChoosePerEntity()
    {
        PersonalDataAnonymizer anonymizer = new(Scanner, new AnonymizerOptions
        {
            Operators = new Dictionary<PersonalDataEntity, PersonalDataOperator>
            {
                [PersonalDataEntity.Email] = PersonalDataOperator.Keep,
                [PersonalDataEntity.IpAddress] = PersonalDataOperator.Mask(0, '#'),
            },
        });
        Assert.Equal("ann@acme.io #.#.#.# [US_SSN]", anonymizer.Apply("ann@acme.io 8.8.8.8 531-21-7351").Text);
    }

    [Fact]
    public void Offsets_AnyText_MapThereAndBack()
    {
        PersonalDataAnonymizer anonymizer = new(Scanner);
        string[] pieces = ["word ", "ann@acme.io ", "8.8.8.8 ", "\uD83D\uDE00 ", "x", " 531-21-7351, ", "."];
        Gen.Int[0, pieces.Length - 1].Array[0, 20].Sample(
            indices =>
            {
                string text = string.Concat(indices.Select(i => pieces[i]));
                AnonymizedText result = anonymizer.Apply(text);
                Assert.Equal(result.Text.Length, result.ToTargetOffset(text.Length));
                Assert.Equal(text.Length, result.ToSourceOffset(result.Text.Length));
                for (int i = 0; i < text.Length; i++)
                {
                    TextEdit? inside = result.Edits.FirstOrDefault(edit => i >= edit.Span.Start && i < edit.Span.End);
                    int target = result.ToTargetOffset(i);
                    Assert.Equal(inside?.TargetStart ?? target, target);
                    Assert.True(inside is not null || result.Text[target] == text[i]);
                    Assert.Equal(inside?.Span.Start ?? i, result.ToSourceOffset(target));
                }
            },
            iter: 2_000);
        AnonymizedText empty = anonymizer.Apply("");
        Assert.Throws<ArgumentOutOfRangeException>(() => empty.ToTargetOffset(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => empty.ToSourceOffset(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => empty.ToTargetOffset(-1));
    }

    [Fact]
    public void Apply_Redact_LeavesNothingToFind()
    {
        PersonalDataAnonymizer anonymizer = new(Scanner);
        foreach (string text in (string[])["ann@acme.io", "call 0912345678 or 0987654321", "stk 0071000123456 vcb", "CCCD 001099012345 cấp cho 0912345678"])
        {
            string once = anonymizer.Apply(text).Text;
            Assert.NotEqual(text, once);
            Assert.Equal(once, anonymizer.Apply(once).Text);
        }
    }

    [Fact]
    public void Apply_Record_MakesANewOneAndLeavesTheRest()
    {
        DatanetRecord record = DatanetRecord.Parse(
            """{"a":["mail ann@acme.io",null,true,1.5,12345678],"card":4111111111111111,"n":{"to":"ann@acme.io","text":"plain"}}""", "f.jsonl:3");
        PersonalDataAnonymizer anonymizer = new(Scanner, new AnonymizerOptions { Default = PersonalDataOperator.Replace });
        AnonymizedRecord result = anonymizer.Apply(record);
        Assert.Equal(
            DatanetRecord.Parse(
                """{"a":["mail person1@example.com",null,true,1.5,12345678],"card":"[CREDIT_CARD_1]","n":{"to":"person1@example.com","text":"plain"}}"""),
            result.Record);
        Assert.Equal("f.jsonl:3", result.Record.SourcePosition);
        Assert.Equal(["$.a[0]", "$.card", "$.n.to"], result.Findings.Select(finding => finding.Path));
        DatanetRecord clean = DatanetRecord.Parse("""{"text":"plain"}""");
        Assert.Same(clean, anonymizer.Apply(clean).Record);
    }

    [Fact]
    public void Apply_RecordThatGrowsTooLong_IsRefused()
    {
        PersonalDataAnonymizer anonymizer = new(Scanner, new AnonymizerOptions { Default = PersonalDataOperator.Hash(Key, 64) });
        string addresses = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"u{i}@acme.io "));
        DatanetRecord record = DatanetRecord.Parse($$"""{"text":"{{addresses}}"}""");
        DatanetException fault = Assert.Throws<DatanetException>(() => anonymizer.Apply(record));
        Assert.Equal(DatanetError.LimitExceeded, fault.Error);
    }
}
