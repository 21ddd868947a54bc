using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>From <see cref="CroissantDataset"/> to JSON-LD.</summary>
internal static class CroissantWriter
{
    // The document is data, not a page: letters stay letters.
    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(CroissantDataset dataset)
    {
        JsonObject root = new() { ["@context"] = CroissantTerms.Context(), ["@type"] = "sc:Dataset" };
        Add(root, "name", dataset.Name);
        Add(root, "description", dataset.Description);
        Add(root, "conformsTo", dataset.ConformsTo);
        Add(root, "license", dataset.Licenses);
        Add(root, "url", dataset.Url);
        Add(root, "creator", dataset.Creators.Select(Agent));
        Add(root, "publisher", dataset.Publishers.Select(Agent));
        Add(root, "datePublished", dataset.DatePublished);
        Add(root, "version", dataset.Version);
        Add(root, "keywords", dataset.Keywords);
        Add(root, "inLanguage", dataset.Languages);
        Add(root, "sameAs", dataset.SameAs);
        Add(root, "citeAs", dataset.CiteAs);
        Add(root, "isLiveDataset", dataset.IsLiveDataset);
        Add(root, "usageInfo", dataset.UsageInfo.Select(node => node.DeepClone()));
        Add(root, "prov:wasDerivedFrom", dataset.DerivedFrom.Select(Reference));
        foreach ((string name, IReadOnlyList<string> texts) in dataset.ResponsibleAi.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(root, CroissantTerms.RaiPrefix + name, texts);
        }

        Copy(dataset.Extra, root);
        root["distribution"] = new JsonArray([.. dataset.Distribution.Select(Resource)]);
        root["recordSet"] = new JsonArray([.. dataset.RecordSets.Select(RecordSet)]);
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Layout))
        {
            root.WriteTo(writer);
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static JsonNode Resource(CroissantResource resource)
    {
        JsonObject node = Start(resource.Kind == CroissantResourceKind.FileObject ? "cr:FileObject" : "cr:FileSet", resource.Id, resource.Name, resource.Description);
        Add(node, "contentUrl", resource.ContentUrl);
        Add(node, "contentSize", resource.ContentSize);
        Add(node, "sha256", resource.Sha256);
        Add(node, "md5", resource.Md5);
        Add(node, "encodingFormat", resource.EncodingFormats);
        Add(node, "containedIn", resource.ContainedIn.Select(Reference));
        Add(node, "includes", resource.Includes);
        Add(node, "excludes", resource.Excludes);
        return Copy(resource.Extra, node);
    }

    private static JsonNode RecordSet(CroissantRecordSet set)
    {
        JsonObject node = Start("cr:RecordSet", set.Id, set.Name, set.Description);
        Add(node, "dataType", set.DataTypes);
        Add(node, "key", set.Key.Select(Reference));
        AddList(node, "field", set.Fields.Select(Field));
        Add(node, "data", set.Data);
        Add(node, "examples", set.Examples);
        return Copy(set.Extra, node);
    }

    private static JsonNode Field(CroissantField field)
    {
        JsonObject node = Start("cr:Field", field.Id, field.Name, field.Description);
        Add(node, "dataType", field.DataTypes);
        Add(node, "repeated", field.IsRepeated);
        Add(node, "equivalentProperty", field.EquivalentProperties);
        Add(node, "source", Source(field.Source));
        Add(node, "references", Source(field.References));
        Add(node, "parentField", Source(field.ParentField));
        AddList(node, "subField", field.SubFields.Select(Field));
        AddList(node, "annotation", field.Annotations.Select(Field));
        return Copy(field.Extra, node);
    }

    private static JsonObject? Source(CroissantSource? source)
    {
        if (source is null)
        {
            return null;
        }

        JsonObject node = [];
        Add(node, "@id", source.Id);
        foreach ((string name, string? id) in new[]
        {
            ("fileObject", source.FileObject), ("fileSet", source.FileSet), ("recordSet", source.RecordSet), ("field", source.Field),
        })
        {
            Add(node, name, id is null ? null : Reference(id));
        }

        JsonObject extract = [];
        Add(extract, "column", source.Column);
        Add(extract, "jsonPath", source.JsonPath);
        Add(extract, "fileProperty", source.FileProperty);
        Copy(source.ExtractExtra, extract);
        Add(node, "extract", extract.Count == 0 ? null : extract);
        Add(node, "transform", source.Transforms.Select(transform => transform.DeepClone()));
        Add(node, "format", source.Format);
        return Copy(source.Extra, node);
    }

    private static JsonNode Agent(CroissantAgent agent)
    {
        if (agent is { Type: null, Id: null, Url: null, Email: null, Name: string name, Extra.Count: 0 })
        {
            return name;
        }

        JsonObject node = [];
        Add(node, "@type", agent.Type);
        Add(node, "@id", agent.Id);
        Add(node, "name", agent.Name);
        Add(node, "url", agent.Url);
        Add(node, "email", agent.Email);
        return Copy(agent.Extra, node);
    }

    private static JsonObject Start(string type, string? id, string? name, string? description)
    {
        JsonObject node = new() { ["@type"] = type };
        Add(node, "@id", id);
        Add(node, "name", name);
        Add(node, "description", description);
        return node;
    }

    private static JsonNode Reference(string id) => new JsonObject { ["@id"] = id };

    private static void Add(JsonObject node, string name, JsonNode? value)
    {
        if (value is not null)
        {
            node[name] = value.Parent is null ? value : value.DeepClone();
        }
    }

    private static void Add(JsonObject node, string name, IEnumerable<string> texts) => Add(node, name, texts.Select(text => (JsonNode)text));

    /// <summary>One value as itself, several as a list, none not at all.</summary>
    private static void Add(JsonObject node, string name, IEnumerable<JsonNode> values)
    {
        JsonNode[] all = [.. values];
        Add(node, name, all.Length switch { 0 => null, 1 => all[0], _ => new JsonArray(all) });
    }

    private static void AddList(JsonObject node, string name, IEnumerable<JsonNode> values)
    {
        JsonNode[] all = [.. values];
        Add(node, name, all.Length == 0 ? null : (JsonNode)new JsonArray(all));
    }

    private static JsonObject Copy(JsonObject from, JsonObject to)
    {
        foreach ((string name, JsonNode? value) in from)
        {
            to[name] = value?.DeepClone();
        }

        return to;
    }
}
