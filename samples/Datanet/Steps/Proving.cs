using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Transparency;
using OpenLedger.Datanets.Versions;

namespace DatanetSample.Steps;

/// <summary>Step 5: what anyone can check with a root and a few hashes.</summary>
internal static class Proving
{
    public static void Run(Stage stage)
    {
        Stage.Title("Proofs: this record is in it, and nothing was rewritten");
        Datanet datanet = stage.Datanet;
        IReadOnlyList<DatanetVersion> versions = datanet.Versions();
        DatanetVersion latest = versions[^1];
        RecordDigest record = datanet.Records(latest).First().Record.Digest;
        InclusionProof proof = datanet.ProveInclusion(record, latest);
        stage.Check($"record {Stage.Short(record)} is in version {latest.Number}", proof.Verify(datanet.GetLeaf(record, latest).Hash(), latest.Root));
        stage.Check("the same proof fails for another root", !proof.Verify(datanet.GetLeaf(record, latest).Hash(), versions[0].Root));
        int pairs = 0;
        bool hold = true;
        foreach (DatanetVersion older in versions)
        {
            foreach (DatanetVersion newer in versions.Where(version => version.Number > older.Number))
            {
                hold &= datanet.ProveConsistency(older, newer).Verify(older.Root, newer.Root);
                pairs++;
            }
        }

        stage.Check($"between all {pairs} pairs of versions, on whatever branch, history only grew", hold);
    }
}
