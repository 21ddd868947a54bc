using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Versions;

public class DatanetStepTests
{
    private const long Time = 1896091200000;
    private static readonly ContributorId Account = new(AccountScheme.Secp256k1, Convert.FromHexString("2bd806c97f0e00af1a1fc3328fa763a9269723c8"));
    private static readonly RecordDigest Record = RecordDigest.Parse("5a16c51629b5175a9faa934c172b836ff2553ca8adf18c8c53a8ccbae5f16e77");
    private static readonly Sha256Digest Contribution = Sha256Digest.Parse("8d678ce68f0c5f051f001c783b16331de61480776a2b05368474e1c3d48ea6ff");

    private static DatanetStep[] Examples { get; } =
    [
        DatanetStep.Add(9, "inbox", Time, Account, Record, Contribution),
        DatanetStep.Include(9, "main", Time, 5),
        DatanetStep.Remove(9, "main", Time, 5, 6),
        DatanetStep.Remove(9, "main", Time, 5, null),
        DatanetStep.Erase(9, Time, 5),
        DatanetStep.Fork(9, "inbox", Time, "main", 0),
    ];

    // Computed by a Python program from docs/spec/datanet-leaf.md alone.
    [Fact]
    public void Hash_ExamplesOfTheSpecification_AreThose()
    {
        string[] hashes =
        [
            "c8d0a8150239cea3981713c17a994c82bf783789b82c940e9dc9eed3b7072f7f",
            "a00560c6049cc8f14bf8665efc55472f74738e38301904cbed295bc8cedd960a",
            "76fc92ee055be6d2547289addc4076505379bfad1f223c9ce07ad204a435696c",
            "85cde26f85f2d02d6f134ea8ddd090aa7c01fb28cdc11a726cec374815e349c6",
            "d8e9d0f7afb69f734e6181b5f15b79bcb4d78b805ae9ccf30a7f996b840cf988",
            "691a29a2969819b41ef3042affced17a8c8c262487fc6b75ecd983f6b2fdb0b5",
        ];
        Assert.Equal(hashes, Examples.Select(step => step.Hash().ToString()));
        Assert.Equal([183, 106, 114, 114, 106, 170], Examples.Select(step => step.ToBytes().Length));
        string page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "spec", "datanet-leaf.md"));
        Assert.All(hashes, hash => Assert.Contains(hash, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Hash_RecordOnMain_IsThatOfItsLeaf()
    {
        DatanetLeaf leaf = new() { Contributor = Account, Record = Record, Contribution = Contribution, RegisteredAtUnixMs = Time };
        Assert.Equal(leaf.Hash(), DatanetStep.Add(3, "main", Time, Account, Record, Contribution).Hash());
        Assert.Equal(DatanetLeaf.Length, leaf.ToBytes().Length);
        Assert.Equal((leaf with { Branch = "inbox" }).Hash(), Examples[0].Hash());
        Assert.Equal(DatanetLeaf.BranchLength, (leaf with { Branch = "inbox" }).ToBytes().Length);
    }

    [Fact]
    public void Hash_AnyValueChanged_IsAnother()
    {
        DatanetStep[] steps =
        [
            .. Examples,
            DatanetStep.Add(9, "inbo", Time, Account, Record, Contribution), DatanetStep.Add(9, "inbox", Time + 1, Account, Record, Contribution),
            DatanetStep.Include(9, "mainx", Time, 5), DatanetStep.Include(9, "main", Time + 1, 5), DatanetStep.Include(9, "main", Time, 6),
            DatanetStep.Remove(9, "main", Time, 5, 7), DatanetStep.Remove(9, "main", Time, 6, 6), DatanetStep.Remove(9, "x", Time, 5, 6),
            DatanetStep.Erase(9, Time, 6), DatanetStep.Erase(9, Time + 1, 5),
            DatanetStep.Fork(9, "inbox", Time, "other", 0), DatanetStep.Fork(9, "inbox", Time, "main", 1), DatanetStep.Fork(9, "inbox2", Time, "main", 0),
        ];
        Assert.Equal(steps.Length, steps.Select(step => step.Hash()).Distinct().Count());
    }
}
