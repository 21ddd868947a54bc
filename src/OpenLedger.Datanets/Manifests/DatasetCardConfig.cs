using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>A subset of a dataset as its card names it.</summary>
/// <param name="Name">The name of the subset, usually <c>default</c>.</param>
/// <param name="Files">Which files hold which split.</param>
/// <param name="Extra">Other members, such as <c>data_dir</c>; kept and written back.</param>
public sealed record DatasetCardConfig(string Name, IReadOnlyList<DatasetCardFiles> Files, JsonObject Extra)
{
    internal static DatasetCardConfig Read(JsonNode? node)
    {
        if (node is not JsonObject original)
        {
            throw DatasetCard.Wrong("configs", "a list of maps");
        }

        JsonObject config = original.DeepClone().AsObject();
        string name = DatasetCard.Scalar(config["config_name"]) ?? throw DatasetCard.Wrong("configs.config_name", "a text");
        JsonNode? files = config["data_files"];
        config.Remove("config_name");
        config.Remove("data_files");
        return new DatasetCardConfig(
            name,
            files switch
            {
                null => [],
                JsonArray list when list.All(item => item is JsonObject) => [.. list.Select(item => DatasetCardFiles.Read(item!.AsObject()))],
                _ => [new DatasetCardFiles("train", Paths(files), [])], // a bare path or list of paths is the training split
            },
            config);
    }

    internal static string[] Paths(JsonNode? node) => node switch
    {
        JsonArray list => [.. list.Select(item => DatasetCard.Scalar(item) ?? throw DatasetCard.Wrong("configs.data_files.path", "a text or a list of texts"))],
        _ => [DatasetCard.Scalar(node) ?? throw DatasetCard.Wrong("configs.data_files.path", "a text or a list of texts")],
    };

    internal JsonObject ToNode()
    {
        JsonObject node = new() { ["config_name"] = Name };
        if (Files.Count > 0)
        {
            node["data_files"] = new JsonArray([.. Files.Select(files => (JsonNode)files.ToNode())]);
        }

        foreach ((string name, JsonNode? value) in Extra)
        {
            node[name] = value?.DeepClone();
        }

        return node;
    }
}
