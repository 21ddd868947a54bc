using OpenLedger.Datanets.Access;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Manifests;
using OpenLedger.Datanets.Publishing;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace DatanetSample.Steps;

/// <summary>Step 7: the version as files for other tools, with everything an outsider needs to check it.</summary>
internal static class Publishing
{
    public static async Task Run(Stage stage)
    {
        Stage.Title("Publishing: JSON Lines, Parquet, Croissant, a dataset card, the audit log");
        Datanet datanet = stage.Datanet;
        DatanetVersion version = datanet.GetVersion(datanet.LatestVersionNumber());
        string published = Path.Combine(stage.Folder, "published");
        DatanetFolder.Write(datanet, version, published, new DatanetFolderOptions
        {
            Title = "Lotus Ferry support",
            Description = "What travellers of a ferry line ask, and what its support answers. An invented line, made for this sample.",
            Url = "https://example.org/ferry-support",
            Creators = [new CroissantAgent { Type = "sc:Organization", Name = "Lotus Ferry" }],
            Languages = ["en", "vi"],
            Keywords = ["support", "ferry"],
            TaskCategories = ["question-answering"],
        });
        FolderCheck check = DatanetFolder.Verify(published, stage.Verifier);
        stage.Check($"a stranger verifies {check.Records} records and {check.Contributions} signatures from the files alone", check.IsSound && check.VersionId == version.Id.ToString());
        CroissantDataset croissant = CroissantDataset.Parse(await File.ReadAllBytesAsync(Path.Combine(published, "croissant.json")));
        stage.Check("the Croissant document has no issue", croissant.FindIssues().Count == 0);

        string parquet = Path.Combine(stage.Folder, "support.parquet");
        DatanetRecord[] records = [.. datanet.Records(version).Select(record => record.Record)];
        await using (ParquetRowWriter writer = new(File.Create(parquet), RowLayout.Infer(records.Select(record => record.Element))))
        {
            await writer.WriteAllAsync(records.Select(record => record.Element));
        }

        List<DatanetRecord> back = [];
        await foreach (SourceRow row in RowFiles.Open(parquet).ReadAsync())
        {
            back.Add(DatanetRecord.Parse(row.Utf8.Span, row.Position));
        }

        stage.Check("Parquet gives back the same records, byte for byte", back.SequenceEqual(records));

        string audit = Path.Combine(stage.Folder, "audit.jsonl");
        AuditReport written;
        await using (FileStream file = File.Create(audit))
        {
            written = await new AuditLog(stage.Journal).ExportAsync(file);
        }

        await using FileStream exported = File.OpenRead(audit);
        stage.Check("the audit log's chain of hashes holds", await AuditLog.VerifyAsync(exported) == written);
    }
}
