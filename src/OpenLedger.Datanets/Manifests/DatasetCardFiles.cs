using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>The files of one split as a card names them.</summary>
/// <param name="Split">For example <c>train</c>.</param>
/// <param name="Paths">Paths or patterns, relative to the dataset.</param>
/// <param name="Extra">Other members; kept and written back.</param>
public sealed record DatasetCardFiles(string Split, IReadOnlyList<string> Paths, JsonObject Extra)
{
    internal static DatasetCardFiles Read(JsonObject original)
    {
        JsonObject node = original.DeepClone().AsObject();
        string split = DatasetCard.Scalar(node["split"]) ?? throw DatasetCard.Wrong("configs.data_files.split", "a text");
        string[] paths = DatasetCardConfig.Paths(node["path"]);
        node.Remove("split");
        node.Remove("path");
        return new DatasetCardFiles(split, paths, node);
    }

    internal JsonObject ToNode()
    {
        JsonObject node = new()
        {
            ["split"] = Split,
            ["path"] = Paths.Count == 1 ? JsonValue.Create(Paths[0]) : new JsonArray([.. Paths.Select(path => (JsonNode)path)]),
        };
        foreach ((string name, JsonNode? value) in Extra)
        {
            node[name] = value?.DeepClone();
        }

        return node;
    }
}
