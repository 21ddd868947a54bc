using System.Text;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Tests.Versions;

namespace OpenLedger.Datanets.Tests.Contributions;

public class ContributionStatementTests
{
    private static readonly KeyedSigner Alice = new("alice");

    [Fact]
    public void Sign_Draft_SignsTheDigestOfTheCanonicalStatement()
    {
        Contribution contribution = DatanetTests.Give(Alice, "one", "two");
        string expected =
            $$"""{"consent":["training","inference"],"contributor":"{{Alice.Contributor}}","datanet":"facts","format":"openledger-contribution/1","licence":"CC-BY-4.0","provenance":"written for this test","records":["{{contribution.Records[0].Digest}}","{{contribution.Records[1].Digest}}"]}""";
        Assert.Equal(expected, Encoding.UTF8.GetString(contribution.Statement.Document.Span));
        Assert.Equal(Sha256Digest.Of(Encoding.UTF8.GetBytes(expected)), contribution.Digest);
        Assert.Equal(Alice.Sign(contribution.Digest.ToArray()), contribution.Signature.ToArray());
        Assert.DoesNotContain("source", expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Document_GivesTheSameStatement()
    {
        ContributionStatement statement = DatanetTests.Give(Alice, "one").Statement;
        ContributionStatement copy = ContributionStatement.Parse(statement.Document.Span);
        Assert.Equal(statement.Digest, copy.Digest);
        Assert.Equal(statement.Records, copy.Records);
        Assert.Equal((statement.DatanetId, statement.Contributor, statement.Consent), (copy.DatanetId, copy.Contributor, copy.Consent));
    }

    [Theory]
    [InlineData("\"training\",\"inference\"", "\"inference\",\"training\"")]
    [InlineData("\"training\",\"inference\"", "\"training\",\"resale\"")]
    [InlineData("\"licence\":\"CC-BY-4.0\"", "\"licence\":\"\"")]
    [InlineData("\"licence\":\"CC-BY-4.0\"", "\"licence\":\"CC BY\"")]
    [InlineData("\"facts\"", "\"Facts\"")]
    [InlineData("\"facts\"", " \"facts\"")]
    [InlineData("secp256k1:0x", "0x")]
    [InlineData("contribution/1", "contribution/2")]
    [InlineData("\"provenance\":\"written for this test\",", "")]
    public void Parse_ChangedDocument_IsRefused(string old, string changed)
    {
        string document = Encoding.UTF8.GetString(DatanetTests.Give(Alice, "one").Statement.Document.Span);
        Assert.Contains(old, document, StringComparison.Ordinal);
        byte[] bytes = Encoding.UTF8.GetBytes(document.Replace(old, changed, StringComparison.Ordinal));
        Assert.Equal(DatanetError.InvalidStatement, Assert.Throws<DatanetException>(() => ContributionStatement.Parse(bytes)).Error);
    }

    [Fact]
    public void Parse_FlippedBytes_GivesAnotherDigestOrTheDocumentedException()
    {
        ContributionStatement statement = DatanetTests.Give(Alice, "one").Statement;
        Random random = new(5);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] bytes = statement.Document.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.NotEqual(statement.Digest, ContributionStatement.Parse(bytes).Digest);
            }
            catch (DatanetException exception)
            {
                Assert.True(exception.Error is DatanetError.InvalidJson or DatanetError.InvalidUtf8 or DatanetError.InvalidStatement);
            }
        }
    }

    [Fact]
    public void Sign_IllegalDrafts_NameTheFault()
    {
        ContributionDraft legal = DatanetTests.Draft("one");
        (ContributionDraft Draft, string Reason)[] cases =
        [
            (legal with { Records = [] }, "1 to 100000 records"),
            (legal with { Records = [legal.Records[0], null!] }, "Record 1"),
            (legal with { Licence = "" }, "licence"),
            (legal with { Licence = "GPL 3" }, "SPDX"),
            (legal with { Consent = (ConsentTerms)8 }, "consent"),
            (legal with { DatanetId = "Not A Slug" }, "datanet id"),
            (legal with { Provenance = new string('x', 10_001) }, "10001"),
        ];
        foreach ((ContributionDraft draft, string reason) in cases)
        {
            Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(() => Contribution.Sign(draft, Alice)).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => Contribution.Receive(legal, Alice.Contributor, []));
        Assert.Throws<ArgumentException>(() => Contribution.Receive(legal, default, [1]));
        Assert.Throws<ArgumentException>(() => Contribution.Receive(legal, Alice.Contributor, new byte[1025]));
    }

    [Fact]
    public void Sign_ListThatChangesLater_KeepsTheSignedRecords()
    {
        List<DatanetRecord> records = [DatanetRecord.Parse("""{"text":"one"}""")];
        Contribution contribution = Contribution.Sign(DatanetTests.Draft("x") with { Records = records }, Alice);
        records.Clear();
        Assert.Single(contribution.Records);
    }
}
