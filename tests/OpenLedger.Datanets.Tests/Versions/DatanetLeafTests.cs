using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Versions;

public class DatanetLeafTests
{
    private const string Account = "2bd806c97f0e00af1a1fc3328fa763a9269723c8";
    private const string Record = "5a16c51629b5175a9faa934c172b836ff2553ca8adf18c8c53a8ccbae5f16e77";
    private const string Contribution = "8d678ce68f0c5f051f001c783b16331de61480776a2b05368474e1c3d48ea6ff";
    private const long RegisteredAtUnixMs = 1896091200000;
    private const string Hash = "9cc06d055e4c3516e6348d3248528fc2bdb94ca012da77f215a99e0f955e0492";

    private static DatanetLeaf Leaf { get; } = new()
    {
        Contributor = new ContributorId(AccountScheme.Secp256k1, Convert.FromHexString(Account)),
        Record = RecordDigest.Parse(Record),
        Contribution = Sha256Digest.Parse(Contribution),
        RegisteredAtUnixMs = RegisteredAtUnixMs,
    };

    [Fact]
    public void ToBytes_ExampleOfTheSpecification_IsLaidOutAsItSays()
    {
        Assert.Equal(
            "6f70656e6c65646765722d646174616e65742d6c6561663a" + "01" + "01" + Account + Record + Contribution + "000001b977d7aa00",
            Convert.ToHexStringLower(Leaf.ToBytes()));
        Assert.Equal(DatanetLeaf.Length, Leaf.ToBytes().Length);
        Assert.Equal(Hash, Leaf.Hash().ToString());
    }

    [Fact]
    public void Specification_Example_IsThisOne()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "spec", "datanet-leaf.md"));
        Assert.All((string[])[Account, Record, Contribution, Hash, "1896091200000"], value => Assert.Contains(value, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Hash_AnyFieldChanged_IsAnother()
    {
        DatanetLeaf[] others =
        [
            Leaf with { RegisteredAtUnixMs = RegisteredAtUnixMs + 1 }, Leaf with { Record = default }, Leaf with { Contribution = default },
            Leaf with { Contributor = default },
        ];
        Assert.All(others, other => Assert.NotEqual(Leaf.Hash(), other.Hash()));
    }
}
