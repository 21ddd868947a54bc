using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Reading;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Reading;

public class SplitPlanTests
{
    private static readonly ContributorId Anna = new KeyedSigner("anna").Contributor;
    private static readonly ContributorId Binh = new KeyedSigner("binh").Contributor;

    [Fact]
    public void Assign_ByRecord_FollowsTheWrittenFormula()
    {
        SplitPlan plan = new([new SplitShare("a", 1), new SplitShare("b", 2), new SplitShare("c", 4)], seed: 77);
        for (int i = 0; i < 500; i++)
        {
            DatanetRecord record = DatanetRecord.Parse($$"""{"n":{{i}}}""");
            Assert.Equal(Literal(record.Digest.ToArray(), 77, [("a", 1), ("b", 2), ("c", 4)]), plan.Assign(record, Anna).Name);
        }
    }

    [Fact]
    public void Assign_ManyRecords_ComesCloseToTheWeights()
    {
        SplitPlan plan = SplitPlan.EightOneOne(seed: 1);
        Dictionary<string, int> counts = Enumerable.Range(0, 10_000)
            .GroupBy(i => plan.Assign(DatanetRecord.Parse($$"""{"n":{{i}}}"""), Anna).Name)
            .ToDictionary(group => group.Key, group => group.Count());

        // Five standard deviations of a binomial draw: sqrt(10000 * .1 * .9) = 30.
        Assert.InRange(counts["train"], 7800, 8200);
        Assert.InRange(counts["validation"], 850, 1150);
        Assert.InRange(counts["test"], 850, 1150);
    }

    [Fact]
    public void Assign_ByContributor_KeepsAPersonTogetherAndPeopleApart()
    {
        SplitPlan plan = new([new SplitShare("a", 1), new SplitShare("b", 1)], seed: 5, SplitKey.Contributor);
        DatanetRecord[] records = [.. Enumerable.Range(0, 50).Select(i => DatanetRecord.Parse($$"""{"n":{{i}}}"""))];
        Assert.Single(records.Select(record => plan.Assign(record, Anna).Name).Distinct());
        Assert.Equal(2, Enumerable.Range(0, 50).Select(i => plan.Assign(records[0], new KeyedSigner($"p{i}").Contributor).Name).Distinct().Count());
    }

    [Fact]
    public void Assign_ByField_KeepsAValueTogetherHoweverItIsSpelled()
    {
        SplitPlan plan = new([new SplitShare("a", 1), new SplitShare("b", 1)], seed: 5, SplitKey.Field, "source");
        for (int book = 0; book < 40; book++)
        {
            string first = plan.Assign(DatanetRecord.Parse($$"""{"text":"x{{book}}","source":{"page":1,"book":{{book}} } }"""), Anna).Name;
            Assert.Equal(first, plan.Assign(DatanetRecord.Parse($$"""{"source":{"book":{{book}}.0,"page":1},"text":"y"}"""), Binh).Name);
        }

        Assert.Equal(2, Enumerable.Range(0, 40).Select(i => plan.Assign(DatanetRecord.Parse($$"""{"n":{{i}}}"""), Anna).Name).Distinct().Count());
    }

    [Fact]
    public void Assign_AnotherSeed_DividesDifferently()
    {
        DatanetRecord[] records = [.. Enumerable.Range(0, 100).Select(i => DatanetRecord.Parse($$"""{"n":{{i}}}"""))];
        string Division(ulong seed) => string.Concat(records.Select(record => SplitPlan.EightOneOne(seed).Assign(record, Anna).Name[0]));
        Assert.NotEqual(Division(1), Division(2));
        Assert.Equal(Division(1), Division(1));
    }

    [Fact]
    public void Constructor_SeveralFaults_NamesThemAll()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => new SplitPlan([new SplitShare("a b", 1), new SplitShare("c", 0)], 1, SplitKey.Field));
        Assert.Contains("'a b' is not the name of a part", exception.Message, StringComparison.Ordinal);
        Assert.Contains("The weight of 'c' is 0", exception.Message, StringComparison.Ordinal);
        Assert.Contains("A field is named for", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SplitPlan([new SplitShare("a", 1), new SplitShare("a", 1)], 1));
        Assert.Throws<ArgumentException>(() => new SplitPlan([], 1));
    }

    private static string Literal(byte[] key, ulong seed, (string Name, int Weight)[] shares)
    {
        byte[] seedBytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(seedBytes, seed);
        byte[] digest = SHA256.HashData([.. Encoding.ASCII.GetBytes("openledger-split/1:"), .. seedBytes, .. key]);
        BigInteger point = new BigInteger(digest.AsSpan(0, 8), isUnsigned: true, isBigEndian: true) * shares.Sum(share => share.Weight) >> 64;
        int sum = 0;
        return shares.First(share => (sum += share.Weight) > point).Name;
    }
}
