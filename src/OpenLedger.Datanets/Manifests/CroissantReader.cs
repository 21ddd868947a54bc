using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>From JSON-LD to <see cref="CroissantDataset"/>. Depth is bounded by the JSON reader, size by its caller.</summary>
internal static class CroissantReader
{
    public static CroissantDataset Read(JsonElement root)
    {
        ManifestMembers members = new(root, "$");
        if (members.TakeText("@type") is not string type || CroissantTerms.Short(type) != "Dataset")
        {
            throw members.Fault("@type", "is not sc:Dataset; this is no Croissant document");
        }

        members.Take("@context"); // written anew; see CroissantTerms.Short for what is understood
        return new CroissantDataset
        {
            Name = members.TakeText("name"),
            Description = members.TakeText("description"),
            ConformsTo = members.TakeIds("conformsTo"),
            Licenses = members.TakeIds("license"),
            Url = members.TakeText("url"),
            Creators = Agents(members, "creator"),
            Publishers = Agents(members, "publisher"),
            DatePublished = members.TakeText("datePublished"),
            Version = members.TakeText("version"),
            Keywords = members.TakeTexts("keywords"),
            Languages = members.TakeTexts("inLanguage"),
            SameAs = members.TakeTexts("sameAs"),
            CiteAs = members.TakeText("citeAs"),
            IsLiveDataset = members.TakeBoolean("isLiveDataset"),
            UsageInfo = Nodes(members, "usageInfo"),
            DerivedFrom = members.TakeIds("prov:wasDerivedFrom"),
            ResponsibleAi = members.Names.Where(name => name.StartsWith(CroissantTerms.RaiPrefix, StringComparison.Ordinal)).ToArray()
                .ToDictionary(name => name[CroissantTerms.RaiPrefix.Length..], members.TakeTexts, StringComparer.Ordinal),
            Distribution = List(members, "distribution", Resource),
            RecordSets = List(members, "recordSet", RecordSet),
            Extra = members.Rest(),
        };
    }

    private static CroissantResource Resource(JsonElement element, string path)
    {
        ManifestMembers members = new(element, path);
        string? type = members.TakeText("@type");
        return new CroissantResource
        {
            Kind = CroissantTerms.Short(type ?? "") switch
            {
                "FileObject" => CroissantResourceKind.FileObject,
                "FileSet" => CroissantResourceKind.FileSet,
                _ => throw members.Fault("@type", $"is '{type}'; known are cr:FileObject and cr:FileSet"),
            },
            Id = members.TakeText("@id"),
            Name = members.TakeText("name"),
            Description = members.TakeText("description"),
            ContentUrl = members.TakeText("contentUrl"),
            ContentSize = members.TakeText("contentSize"),
            Sha256 = members.TakeText("sha256"),
            Md5 = members.TakeText("md5"),
            EncodingFormats = members.TakeTexts("encodingFormat"),
            ContainedIn = members.TakeIds("containedIn"),
            Includes = members.TakeTexts("includes"),
            Excludes = members.TakeTexts("excludes"),
            Extra = members.Rest(),
        };
    }

    private static CroissantRecordSet RecordSet(JsonElement element, string path)
    {
        ManifestMembers members = new(element, path);
        Expect(members, "RecordSet");
        return new CroissantRecordSet
        {
            Id = members.TakeText("@id"),
            Name = members.TakeText("name"),
            Description = members.TakeText("description"),
            DataTypes = members.TakeTexts("dataType"),
            Key = members.TakeIds("key"),
            Fields = List(members, "field", Field),
            Data = Node(members.Take("data")),
            Examples = Node(members.Take("examples")),
            Extra = members.Rest(),
        };
    }

    private static CroissantField Field(JsonElement element, string path)
    {
        ManifestMembers members = new(element, path);
        Expect(members, "Field");
        return new CroissantField
        {
            Id = members.TakeText("@id"),
            Name = members.TakeText("name"),
            Description = members.TakeText("description"),
            DataTypes = members.TakeTexts("dataType"),
            IsRepeated = members.TakeBoolean("repeated"),
            Source = Source(members, "source"),
            References = Source(members, "references"),
            ParentField = Source(members, "parentField"),
            SubFields = List(members, "subField", Field),
            Annotations = List(members, "annotation", Field),
            EquivalentProperties = members.TakeIds("equivalentProperty"),
            Extra = members.Rest(),
        };
    }

    private static CroissantSource? Source(ManifestMembers parent, string name)
    {
        if (parent.Take(name) is not JsonElement element)
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.String)
        {
            return new CroissantSource { Id = element.GetString() };
        }

        ManifestMembers members = new(element, parent.Path(name));
        ManifestMembers? extract = members.Take("extract") is JsonElement inner ? new ManifestMembers(inner, members.Path("extract")) : null;
        return new CroissantSource
        {
            Id = members.TakeText("@id"),
            FileObject = members.TakeId("fileObject"),
            FileSet = members.TakeId("fileSet"),
            RecordSet = members.TakeId("recordSet"),
            Field = members.TakeId("field"),
            Column = extract?.TakeText("column"),
            JsonPath = extract?.TakeText("jsonPath"),
            FileProperty = extract?.TakeText("fileProperty"),
            Transforms = Nodes(members, "transform"),
            Format = members.TakeText("format"),
            Extra = members.Rest(),
            ExtractExtra = extract?.Rest() ?? [],
        };
    }

    private static CroissantAgent[] Agents(ManifestMembers parent, string name) => [.. parent.TakeAll(name).Select((element, index) =>
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return new CroissantAgent { Name = element.GetString() };
        }

        ManifestMembers members = new(element, Item(parent, name, index));
        return new CroissantAgent
        {
            Type = members.TakeText("@type"),
            Id = members.TakeText("@id"),
            Name = members.TakeText("name"),
            Url = members.TakeText("url"),
            Email = members.TakeText("email"),
            Extra = members.Rest(),
        };
    })];

    private static void Expect(ManifestMembers members, string type)
    {
        if (members.TakeText("@type") is string found && CroissantTerms.Short(found) != type)
        {
            throw members.Fault("@type", $"is '{found}'; expected cr:{type}");
        }
    }

    private static T[] List<T>(ManifestMembers members, string name, Func<JsonElement, string, T> read) =>
        [.. members.TakeAll(name).Select((element, index) => read(element, Item(members, name, index)))];

    private static JsonNode[] Nodes(ManifestMembers members, string name) =>
        [.. members.TakeAll(name).Select(item => Node(item) ?? throw members.Fault(name, "holds null"))];

    private static JsonNode? Node(JsonElement? element) => element is JsonElement value ? JsonNode.Parse(value.GetRawText()) : null;

    private static string Item(ManifestMembers members, string name, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{members.Path(name)}[{index}]");
}
