using OpenLedger.Datanets;
using OpenLedger.Datanets.Access;
using OpenLedger.Datanets.Reading;
using OpenLedger.Datanets.Versions;

namespace DatanetSample.Steps;

/// <summary>Step 6: somebody asks for access, is granted some, and reads for training under the grant.</summary>
internal static class Training
{
    public static void Run(Stage stage)
    {
        Stage.Title("Access: a request, a grant, an epoch, a revocation");
        AccessLedger access = new(stage.Journal, new AccessLedgerOptions { Verifier = stage.Verifier });
        access.SetTerms(stage.Datanet.Owner, new AccessTerms
        {
            Fields = [new AccessField { Name = "use", Label = "What will the model do?", Type = AccessFieldType.Text, IsRequired = true }],
            Quota = new AccessQuota(AccessQuotaUnit.Epochs, 3),
            Scope = new AccessScope { Splits = ["train"], Fields = ["/question", "/answer"] },
        });
        long request = access.Request(stage.Account("Trainer"), new AccessApplication
        {
            Purpose = AccessPurpose.Training,
            Answers = new Dictionary<string, string> { ["use"] = "answer travellers" },
        });
        AccessToken token = access.Approve(stage.Signer("Lotus Ferry"), request);
        Stage.Say($"request {request} approved: a token of {token.Text.Length} characters, signed by the owner, good for 3 epochs of the split 'train'");

        Datanet datanet = stage.Datanet;
        DatanetVersion version = datanet.GetVersion(datanet.LatestVersionNumber());
        AccessUse use = new()
        {
            Grantee = stage.Account("Trainer"),
            Purpose = AccessPurpose.Training,
            Run = "run-1",
            Version = version.Id,
            Splits = ["train"],
        };
        TrainingReader reader = TrainingReader.Open(datanet, version, new TrainingReaderOptions
        {
            Plan = SplitPlan.EightOneOne(seed: 7),
            Split = "train",
            Seed = 7,
            Permit = new GrantPermit(new AccessSession(access, token.Text, use)),
        });
        TrainingRecord[] epoch = [.. reader.Read(0)];
        TrainingManifest manifest = TrainingManifest.Of([version], epoch);
        Stage.Say($"epoch 0: {epoch.Length} of {version.RecordCount} records, the others are in other splits; manifest {Stage.Short(manifest.Digest)}");
        stage.Check("the trainer sees question and answer, and no other field", epoch.All(record => record.Record.Element.GetPropertyCount() == 2));
        stage.Check("each record still names its contributor", epoch.All(record => record.Contributor != default));
        datanet.RecordTraining("ferry-assistant-1", version, adapter: null, stage.Account("Trainer"));

        access.Revoke(stage.Datanet.Owner, request, "the contract ended");
        AccessDenial? denial = null;
        try
        {
            reader.Read(1);
        }
        catch (DatanetException exception) when (exception.Error == DatanetError.AccessDenied)
        {
            denial = exception.Denial;
        }

        stage.Check("after the revocation the next epoch is refused", denial == AccessDenial.Revoked);
        DatasetStatistics statistics = DatasetStatistics.Of(TrainingReader.Open(datanet, version, new TrainingReaderOptions { IsShuffled = false }).Read(0));
        Stage.Say($"the owner's statistics: {statistics.Count} records, {statistics.PayloadBytes.Total} bytes, {statistics.Contributors.Count} contributors, licences {string.Join(", ", statistics.Licences.Keys)}");
    }
}
