using OpenLedger.Datanets;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Transparency;
using OpenLedger.Datanets.Versions;

namespace DatanetSample.Steps;

/// <summary>Step 8: a contributor wants a record gone. Its content goes, its place in history stays.</summary>
internal static class Erasing
{
    public static void Run(Stage stage)
    {
        Stage.Title("Erasure: the payload goes, the proof stays");
        Datanet datanet = stage.Datanet;
        DatanetVersion version = datanet.GetVersion(datanet.LatestVersionNumber());
        DatanetRecord record = datanet.Records(version).First(entry => entry.Contributor == stage.Account("Anna")).Record;
        Stage.Say($"Anna withdraws {Stage.Quote(record)}");
        ErasureReceipt receipt = datanet.Erase(record.Digest, stage.Account("Anna"), ErasureReason.PersonRequest);
        Stage.Say($"it was in versions {string.Join(", ", receipt.Versions)}; trained on it: {string.Join(", ", receipt.TrainedModels.Select(model => model.ModelId))}");
        DatanetError? error = null;
        try
        {
            datanet.GetRecord(record.Digest);
        }
        catch (DatanetException exception)
        {
            error = exception.Error;
        }

        stage.Check("reading it says that it was erased", error == DatanetError.RecordErased);
        stage.Check("old versions read on without it", datanet.Records(version).Count() == version.RecordCount - 1);
        InclusionProof proof = datanet.ProveInclusion(record.Digest, version);
        stage.Check("that it was there can still be proven", proof.Verify(datanet.GetLeaf(record.Digest, version).Hash(), version.Root));
        stage.Check("the model that saw it is named", receipt.TrainedModels.Any(model => model.ModelId == "ferry-assistant-1"));
        stage.Check("the key of its payload is destroyed, and the store's log was cleared", receipt.IsPurged);
        DatanetVersion last = datanet.Commit("After the erasure");
        Stage.Say($"version {last.Number}: {last.RecordCount} records, {last.TreeSize} steps, root {Stage.Short(last.Root)}");
        stage.Check("its history still only grew", datanet.ProveConsistency(version, last).Verify(version.Root, last.Root));
    }
}
