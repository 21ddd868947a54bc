using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Manifests;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Manifests;

public class CroissantDatasetTests(ITestOutputHelper output)
{
    private const string Small = """
        {
          "@context": {"@vocab": "https://schema.org/"},
          "@type": "sc:Dataset",
          "name": "harbour", "description": "Facts.", "url": "https://example.org/harbour", "license": "https://spdx.org/licenses/CC-BY-4.0",
          "conformsTo": "http://mlcommons.org/croissant/1.1", "datePublished": "2030-01-31", "version": "1.0.0",
          "creator": {"@type": "sc:Person", "name": "Anna"},
          "rai:dataBiases": ["one", "two"], "somethingNew": {"a": [1, 2]},
          "distribution": [
            {"@type": "cr:FileObject", "@id": "all.zip", "contentUrl": "all.zip", "encodingFormat": "application/zip",
             "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
            {"@type": "cr:FileSet", "@id": "tables", "containedIn": {"@id": "all.zip"}, "encodingFormat": "text/csv", "includes": "*.csv"}
          ],
          "recordSet": [
            {"@type": "cr:RecordSet", "@id": "facts", "key": {"@id": "facts/id"}, "field": [
              {"@type": "cr:Field", "@id": "facts/id", "dataType": "sc:Integer", "source": {"fileSet": {"@id": "tables"}, "extract": {"column": "id"}}},
              {"@type": "cr:Field", "@id": "facts/text", "dataType": ["sc:Text"], "repeated": true,
               "source": {"fileSet": {"@id": "tables"}, "extract": {"column": "text", "separator": ";"}, "transform": {"regex": "a"}}}
            ]}
          ]
        }
        """;

    [Fact]
    public void Parse_SmallDocument_ReadsEveryPart()
    {
        CroissantDataset dataset = CroissantDataset.Parse(Encoding.UTF8.GetBytes(Small));
        Assert.Equal("harbour", dataset.Name);
        Assert.Equal(["https://spdx.org/licenses/CC-BY-4.0"], dataset.Licenses);
        Assert.Equal(("sc:Person", "Anna"), (Assert.Single(dataset.Creators).Type, dataset.Creators[0].Name));
        Assert.Equal(["one", "two"], dataset.ResponsibleAi["dataBiases"]);
        Assert.Equal("""{"somethingNew":{"a":[1,2]}}""", dataset.Extra.ToJsonString());
        Assert.Equal([CroissantResourceKind.FileObject, CroissantResourceKind.FileSet], dataset.Distribution.Select(resource => resource.Kind));
        Assert.Equal(["all.zip"], dataset.Distribution[1].ContainedIn);
        CroissantRecordSet facts = Assert.Single(dataset.RecordSets);
        Assert.Equal(["facts/id"], facts.Key);
        CroissantField text = facts.Fields[1];
        Assert.Equal(("tables", "text", true), (text.Source!.FileSet, text.Source.Column, text.IsRepeated));
        Assert.Equal("""{"separator":";"}""", text.Source.ExtractExtra.ToJsonString());
        Assert.Empty(dataset.FindIssues());
    }

    [Theory]
    [InlineData("\"url\": \"https://example.org/harbour\",", "", "missing_url")]
    [InlineData("\"datePublished\": \"2030-01-31\",", "", "missing_date_published")]
    [InlineData(", \"version\": \"1.0.0\"", "", "missing_version")]
    [InlineData("croissant/1.1", "croissant/9", "unknown_version")]
    [InlineData("\"@id\": \"facts/text\"", "\"@id\": \"facts/id\"", "duplicate_id")]
    [InlineData("{\"fileSet\": {\"@id\": \"tables\"}, \"extract\": {\"column\": \"id\"}}", "{\"fileSet\": {\"@id\": \"tabels\"}}", "unknown_reference")]
    [InlineData("\"key\": {\"@id\": \"facts/id\"}", "\"key\": {\"@id\": \"facts/no\"}", "unknown_reference")]
    [InlineData("\"contentUrl\": \"all.zip\"", "\"contentUrl\": \"../all.zip\"", "unsafe_path")]
    [InlineData("\"contentUrl\": \"all.zip\"", "\"contentUrl\": \"c:\\\\all.zip\"", "unsafe_path")]
    [InlineData("\"contentUrl\": \"all.zip\"", "\"contentUrl\": \"file:///all.zip\"", "unsafe_path")]
    [InlineData("\"contentUrl\": \"all.zip\"", "\"contentUrl\": \"FILE:/all.zip\"", "unsafe_path")]
    [InlineData("\"contentUrl\": \"all.zip\"", "\"contentUrl\": \"/etc/x://all.zip\"", "unsafe_path")]
    [InlineData("\"contentUrl\": \"all.zip\"", "\"contentUrl\": \"a/../../b://all.zip\"", "unsafe_path")]
    [InlineData("\"contentUrl\": \"all.zip\"", "\"contentUrl\": \"c://all.zip\"", "unsafe_path")]
    [InlineData("\"contentUrl\": \"all.zip\",", "", "missing_content_url")]
    [InlineData("\"sha256\": \"e3b0", "\"sha256\": \"", "invalid_checksum")]
    [InlineData("\"sha256\"", "\"sha\"", "missing_checksum")]
    [InlineData(", \"includes\": \"*.csv\"", "", "missing_includes")]
    [InlineData("\"dataType\": \"sc:Integer\",", "", "missing_data_type")]
    public void FindIssues_OneFault_IsTheOneNamed(string find, string replace, string code)
    {
        string changed = Small.Replace(find, replace, StringComparison.Ordinal);
        Assert.NotEqual(Small, changed);
        Assert.Equal(code, Assert.Single(CroissantDataset.Parse(Encoding.UTF8.GetBytes(changed)).FindIssues()).Code);
    }

    [Theory]
    [InlineData("https://example.org/all.zip")]
    [InlineData("git+ssh://example.org/all.zip")]
    [InlineData("parts/all.zip")]
    public void FindIssues_UrlOrInnerPath_IsSafe(string contentUrl)
    {
        string changed = Small.Replace("\"contentUrl\": \"all.zip\"", $"\"contentUrl\": \"{contentUrl}\"", StringComparison.Ordinal);
        Assert.Empty(CroissantDataset.Parse(Encoding.UTF8.GetBytes(changed)).FindIssues());
    }

    [Fact]
    public void Parse_PrefixedAndFullNames_MeanTheSame()
    {
        string spelled = Small.Replace("\"name\": \"harbour\"", "\"sc:name\": \"harbour\"", StringComparison.Ordinal)
            .Replace("\"license\"", "\"https://schema.org/license\"", StringComparison.Ordinal)
            .Replace("\"recordSet\"", "\"cr:recordSet\"", StringComparison.Ordinal)
            .Replace("\"conformsTo\"", "\"dct:conformsTo\"", StringComparison.Ordinal)
            .Replace("\"rai:dataBiases\"", "\"http://mlcommons.org/croissant/RAI/dataBiases\"", StringComparison.Ordinal);
        Assert.Equal(
            Encoding.UTF8.GetString(CroissantDataset.Parse(Encoding.UTF8.GetBytes(Small)).ToJson()),
            Encoding.UTF8.GetString(CroissantDataset.Parse(Encoding.UTF8.GetBytes(spelled)).ToJson()));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"@type":"sc:Person"}""")]
    [InlineData("""{"@type":"sc:Dataset","name":["a","b"]}""")]
    [InlineData("""{"@type":"sc:Dataset","name":"a","sc:name":"b"}""")]
    [InlineData("""{"@type":"sc:Dataset","distribution":[{"@type":"cr:Other"}]}""")]
    [InlineData("""{"@type":"sc:Dataset","distribution":[7]}""")]
    [InlineData("""{"@type":"sc:Dataset","recordSet":[{"@type":"cr:Field"}]}""")]
    [InlineData("""{"@type":"sc:Dataset","isLiveDataset":"yes"}""")]
    [InlineData("""{"@type":"sc:Dataset","license":{"name":"x"}}""")]
    public void Parse_WrongShape_IsRefused(string json) =>
        Assert.Equal(DatanetError.InvalidManifest, Assert.Throws<DatanetException>(() => CroissantDataset.Parse(Encoding.UTF8.GetBytes(json))).Error);

    [Fact]
    public void ToJson_RealDocuments_LoseNothing()
    {
        string folder = RealData.Require("corpora/croissant/1.0");
        string[] files = [.. Directory.GetFiles(folder, "metadata.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.Equal(32, files.Length);
        SortedDictionary<string, int> codes = new(StringComparer.Ordinal);
        foreach (string file in files)
        {
            byte[] json = File.ReadAllBytes(file);
            CroissantDataset dataset = CroissantDataset.Parse(json);
            byte[] written = dataset.ToJson();
            Assert.Equal(Comparable(json), Comparable(written));
            Assert.Equal(written, CroissantDataset.Parse(written).ToJson());
            foreach (CroissantIssue issue in dataset.FindIssues())
            {
                codes[issue.Code] = codes.GetValueOrDefault(issue.Code) + 1;
            }
        }

        output.WriteLine(string.Join(", ", codes.Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.Equal(32, codes["missing_date_published"]); // none of the published examples has it
    }

    [Fact]
    public void Parse_DamagedDocument_IsRefusedOrRead()
    {
        byte[] document = Encoding.UTF8.GetBytes(Small);
        Gen.Select(Gen.Int[0, document.Length - 1], Gen.Byte, Gen.Int[0, document.Length]).Sample((at, value, length) =>
        {
            byte[] damaged = [.. document[..length]];
            if (at < length)
            {
                damaged[at] = value;
            }

            try
            {
                CroissantDataset dataset = CroissantDataset.Parse(damaged);
                dataset.FindIssues();
                dataset.ToJson();
            }
            catch (DatanetException)
            {
                // the only exception allowed
            }
        }, iter: 3000);
    }

    /// <summary>Without the context, and with lists of one item as the item, which JSON-LD takes for the same.</summary>
    private static string Comparable(byte[] json)
    {
        JsonObject root = JsonNode.Parse(json)!.AsObject();
        root.Remove("@context");
        return Encoding.UTF8.GetString(CanonicalJson.Serialize(Flatten(root)));
    }

    private static JsonNode? Flatten(JsonNode? node) => node switch
    {
        JsonArray { Count: 1 } single => Flatten(single[0]),
        JsonArray list => new JsonArray([.. list.Select(Flatten)]),
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Flatten(member.Value)))),
        _ => node?.DeepClone(),
    };
}
