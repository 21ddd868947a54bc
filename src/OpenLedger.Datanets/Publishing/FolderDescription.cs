using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Licences;
using OpenLedger.Datanets.Manifests;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Publishing;

/// <summary>The two manifests of a published folder.</summary>
internal sealed class FolderDescription(
    Datanet datanet,
    DatanetVersion version,
    VersionManifest manifest,
    DatanetFolderOptions options,
    IReadOnlyList<PublishedFile> files,
    IReadOnlyList<ConsentTerms> consents)
{
    private const string Records = "records";

    public CroissantDataset ToCroissant() => new()
    {
        ConformsTo = options.ResponsibleAi.Count > 0
            ? ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
            : ["http://mlcommons.org/croissant/1.1"],
        Name = options.Title,
        Description = options.Description,
        Url = options.Url,
        Licenses = [.. manifest.Licences.Keys.Select(LicenceUrl)],
        Creators = options.Creators,
        DatePublished = version.Time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Version = string.Create(CultureInfo.InvariantCulture, $"{version.Number}.0.0"),
        Keywords = options.Keywords,
        Languages = options.Languages,
        IsLiveDataset = true,
        UsageInfo = [Offer()],
        ResponsibleAi = options.ResponsibleAi,
        Distribution = [.. files.Select(file => new CroissantResource
        {
            Kind = CroissantResourceKind.FileObject,
            Id = file.Name,
            Name = file.Name,
            Description = string.Create(CultureInfo.InvariantCulture, $"{file.Records} records, one per line."),
            ContentUrl = file.Name,
            ContentSize = string.Create(CultureInfo.InvariantCulture, $"{file.Bytes} B"),
            Sha256 = file.Sha256,
            EncodingFormats = ["application/jsonlines"],
        }), Files()],
        RecordSets = [RecordSet()],
        Extra = new JsonObject
        {
            ["identifier"] = version.Id.ToString(),
            ["prov:wasGeneratedBy"] = new JsonObject
            {
                ["@type"] = "prov:Activity",
                ["prov:label"] = $"version {version.Number} of the datanet {version.DatanetId}: {version.Message}",
                ["prov:endedAtTime"] = version.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["prov:wasAssociatedWith"] = new JsonObject { ["@id"] = version.Author.ToString() },
            },
        },
    };

    public DatasetCard ToCard()
    {
        string[] hub = [.. manifest.Licences.Keys.Select(HubLicence).Distinct().Order(StringComparer.Ordinal)];
        bool isKnown = hub is [] or [not "other"];
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"# {options.Title}\n\n{options.Description}\n\n## Origin\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Version {version.Number} of the datanet `{version.DatanetId}`, id `{version.Id}`, transparency root `{version.Root}`.\n");
        page.Append(CultureInfo.InvariantCulture, $"{version.RecordCount} records of {manifest.ContributorCount} contributors; {manifest.ErasedCount} were erased by then.\n");
        page.Append("Each line carries, under `openledger`, who gave the record and its place in the log in `openledger/log.txt`.\n\n");
        page.Append("| licence | records |\n|---|---:|\n");
        foreach ((string licence, long count) in manifest.Licences)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {licence} | {count} |\n");
        }

        page.Append("\n| consent | records |\n|---|---:|\n");
        foreach ((string term, long count) in manifest.Consent)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {term} | {count} |\n");
        }

        return new DatasetCard
        {
            PrettyName = options.Title,
            Languages = options.Languages,
            Licenses = isKnown ? hub : ["other"],
            LicenseName = isKnown ? null : manifest.Licences.Count == 1 ? manifest.Licences.Keys.First() : "several",
            LicenseLink = isKnown ? null : FolderNames.Card,
            Tags = options.Keywords,
            TaskCategories = options.TaskCategories,
            SizeCategories = [DatasetCard.SizeCategoryOf(version.RecordCount)],
            Configs = [new DatasetCardConfig("default", [.. files.Select(file => new DatasetCardFiles(file.Split, [file.Name], []))], [])],
            Extra = new JsonObject { ["openledger"] = new JsonObject { ["datanet"] = version.DatanetId, ["version"] = version.Number, ["id"] = version.Id.ToString() } },
            Text = page.ToString(),
        };
    }

    private static string LicenceUrl(string licence) => LicenceExpression.TryParse(licence, out LicenceExpression? expression, out _)
        && expression is SingleLicence { Known: not null }
            ? "https://spdx.org/licenses/" + licence
            : licence;

    private static string HubLicence(string licence) =>
        LicenceExpression.TryParse(licence, out LicenceExpression? expression, out _) ? HuggingFaceLicence.FromSpdx(expression) : "other";

    /// <summary>All that every contributor consented to, as an offer in the words of ODRL.</summary>
    private JsonObject Offer()
    {
        ConsentTerms common = consents.Aggregate(ConsentTerms.Training | ConsentTerms.Inference | ConsentTerms.Mining, (all, one) => all & one);
        JsonArray purposes = [.. new[] { ConsentTerms.Training, ConsentTerms.Inference, ConsentTerms.Mining }
            .Where(term => common.HasFlag(term)).Select(term => (JsonNode)term.ToString().ToLowerInvariant())];
        JsonObject offer = new() { ["@type"] = "odrl:Offer" };
        offer[purposes.Count > 0 ? "odrl:permission" : "odrl:prohibition"] = new JsonObject
        {
            ["odrl:action"] = new JsonObject { ["@id"] = "odrl:use" },
            ["odrl:constraint"] = new JsonObject
            {
                ["odrl:leftOperand"] = new JsonObject { ["@id"] = "odrl:purpose" },
                ["odrl:operator"] = new JsonObject { ["@id"] = "odrl:isAnyOf" },
                ["odrl:rightOperand"] = purposes.Count > 0 ? purposes : ["training", "inference", "mining"],
            },
        };
        return offer;
    }

    private static CroissantResource Files() => new()
    {
        Kind = CroissantResourceKind.FileSet,
        Id = "data-files",
        Name = "data-files",
        Description = "All files of records.",
        EncodingFormats = ["application/jsonlines"],
        Includes = ["data/*.jsonl"],
    };

    private CroissantRecordSet RecordSet()
    {
        Dictionary<string, SchemaField> fields = new(StringComparer.Ordinal);
        foreach (SchemaField field in datanet.Schema.Variants.SelectMany(variant => variant.Fields))
        {
            fields.TryAdd(field.Name, field);
        }

        CroissantField record = Origin("record", "SHA-256 of the record's canonical JSON, without the member openledger.", "sc:identifier") with
        {
            Annotations =
            [
                Origin("contributor", "The account that gave the record.", "prov:wasAttributedTo"),
                Origin("contribution", "SHA-256 of the signed statement that gave the record.", "prov:wasDerivedFrom"),
            ],
        };
        return new CroissantRecordSet
        {
            Id = Records,
            Name = Records,
            Description = $"The records of version {version.Number} of the datanet {version.DatanetId}.",
            Key = [$"{Records}/record"],
            Fields = [.. fields.Values.Select(field => Describe(Records, field.Name, field.Type, "$")), record],
        };
    }

    private static CroissantField Origin(string name, string description, string property) => new()
    {
        Id = $"{Records}/{name}",
        Name = $"{Records}/{name}",
        Description = description,
        DataTypes = ["sc:Text"],
        EquivalentProperties = [property],
        Source = new CroissantSource { FileSet = "data-files", JsonPath = $"$.{FolderNames.Member}.{name}" },
    };

    private static CroissantField Describe(string parent, string name, FieldType type, string path)
    {
        string id = $"{parent}/{name}";
        string at = $"{path}[{System.Text.Json.JsonSerializer.Serialize(name, ManifestJsonContext.Default.String)}]";
        bool isList = false;
        while (type is ListField list)
        {
            isList = true;
            type = list.Item;
            at += "[*]";
        }

        if (type is ChatField)
        {
            isList = true;
            type = new ObjectField(new SchemaField("role", new TextField(1, 100), true), new SchemaField("content", new TextField(0, 1_000_000), true));
            at += "[*]";
        }
        else if (type is BinaryField)
        {
            type = new ObjectField(
                new SchemaField("mediaType", new TextField(1, 200), true), new SchemaField("length", new NumberField(0, BinaryField.GreatestLength, true), true));
        }

        CroissantField field = new() { Id = id, Name = id, IsRepeated = isList ? true : null };
        return type is ObjectField inner
            ? field with { SubFields = [.. inner.Fields.Select(child => Describe(id, child.Name, child.Type, at))] }
            : field with
            {
                DataTypes = [type switch
                {
                    NumberField { IsInteger: true } => "sc:Integer",
                    NumberField => "sc:Float",
                    BooleanField => "sc:Boolean",
                    _ => "sc:Text",
                }],
                Source = new CroissantSource { FileSet = "data-files", JsonPath = at },
            };
    }
}
