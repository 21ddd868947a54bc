using System.Text.Json.Nodes;
using CsCheck;
using OpenLedger.Datanets.Manifests;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Manifests;

public class DatasetCardTests
{
    private const string Card = """
        ---
        language:
        - vi
        - no
        license: cc-by-4.0
        pretty_name: Harbour facts # a comment
        size_categories: ['n<1K']
        configs:
        - config_name: default
          data_files:
          - split: train
            path: data/train-*.parquet
          - split: test
            path:
            - data/a.parquet
            - data/b.parquet
        dataset_info:
          features:
          - {name: question, dtype: string}
          splits: 2
          ratio: 0.5
          strict: true
          none:
        version: 1.10
        ---
        # Harbour facts

        Text.
        """;

    [Fact]
    public void Parse_FullCard_ReadsEveryPart()
    {
        DatasetCard card = DatasetCard.Parse(Card);
        Assert.Equal(["vi", "no"], card.Languages); // not a truth value
        Assert.Equal(["cc-by-4.0"], card.Licenses);
        Assert.Equal("Harbour facts", card.PrettyName);
        Assert.Equal(["n<1K"], card.SizeCategories);
        DatasetCardConfig config = Assert.Single(card.Configs);
        Assert.Equal("default", config.Name);
        Assert.Equal(["train", "test"], config.Files.Select(files => files.Split));
        Assert.Equal(["data/a.parquet", "data/b.parquet"], config.Files[1].Paths);
        Assert.Equal(
            """{"dataset_info":{"features":[{"name":"question","dtype":"string"}],"splits":2,"ratio":0.5,"strict":true,"none":null},"version":"1.10"}""",
            card.Extra.ToJsonString());
        Assert.Equal("# Harbour facts\n\nText.", card.Text);
    }

    [Fact]
    public void ToMarkdown_FullCard_IsPinned()
    {
        string expected = """
            ---
            language:
            - vi
            - "no"
            license:
            - cc-by-4.0
            pretty_name: Harbour facts
            size_categories:
            - n<1K
            configs:
            - config_name: default
              data_files:
              - split: train
                path: data/train-*.parquet
              - split: test
                path:
                - data/a.parquet
                - data/b.parquet
            dataset_info:
              features:
              - name: question
                dtype: string
              splits: 2
              ratio: 0.5
              strict: true
              none: null
            version: "1.10"
            ---
            # Harbour facts

            Text.
            """;
        Assert.Equal(expected, DatasetCard.Parse(Card).ToMarkdown());
    }

    [Theory]
    [InlineData("---\nlicense: mit", "not closed")]
    [InlineData("---\n[]\n---\n", "not a map")]
    [InlineData("---\na: &x 1\nb: *x\n---\n", "anchors and tags")]
    [InlineData("---\na: *x\n---\n", "alias")]
    [InlineData("---\na: !!python/object 1\n---\n", "anchors and tags")]
    [InlineData("---\na: 1\na: 2\n---\n", "occurs twice")]
    [InlineData("---\n? [a]\n: 1\n---\n", "as a key")]
    [InlineData("---\na: 'x\n---\n", "line")]
    [InlineData("---\nlanguage: {a: 1}\n---\n", "'language'")]
    [InlineData("---\nconfigs: [1]\n---\n", "'configs'")]
    [InlineData("---\nconfigs:\n- config_name: a\n  data_files:\n  - path: x\n---\n", "split")]
    public void Parse_Unusable_IsRefusedWithTheReason(string card, string reason)
    {
        DatanetException exception = Assert.Throws<DatanetException>(() => DatasetCard.Parse(card));
        Assert.Equal(DatanetError.InvalidDatasetCard, exception.Error);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_DeepNesting_IsRefused() =>
        Assert.Contains(
            "nested deeper",
            Assert.Throws<DatanetException>(() => DatasetCard.Parse($"---\na: {new string('[', 100)}{new string(']', 100)}\n---\n")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Parse_WithoutFrontMatter_IsAllText()
    {
        Assert.Equal("# Hello\n", DatasetCard.Parse("# Hello\r\n").Text);
        Assert.Equal("x", DatasetCard.Parse("---\n---\nx").Text);
        Assert.Equal("", DatasetCard.Parse("---\nlicense: mit\n---").Text);
        Assert.Equal("# Hello\n", DatasetCard.Parse("# Hello\n").ToMarkdown());
    }

    [Theory]
    [InlineData("-Infinity")]
    [InlineData("Infinity")]
    [InlineData("NaN")]
    public void Parse_NumberThatJsonLacks_IsText(string value)
    {
        DatasetCard card = DatasetCard.Parse($"---\nx: {value}\n---\n");
        Assert.Equal(value, card.Extra["x"]!.GetValue<string>());
        Assert.Equal(value, DatasetCard.Parse(card.ToMarkdown()).Extra["x"]!.GetValue<string>());
    }

    [Fact]
    public void Parse_OtherSeparators_StayInTheText() =>
        Assert.Equal("a\nb\nc\fd\u0085e\u2028f\u2029g", DatasetCard.Parse("a\r\nb\rc\fd\u0085e\u2028f\u2029g").Text);

    [Fact]
    public void ToMarkdown_AnyTexts_ComeBackTheSame() => Gen.Select(Gen.String, Gen.String[Gen.Char["-:#'\"{}[]&*!|>%@`, \n\tnoyes017.~"], 0, 8].Array[0, 5]).Sample((first, others) =>
    {
        DatasetCard card = new()
        {
            PrettyName = Sound(first),
            Tags = [.. others.Select(Sound)],
            Extra = new JsonObject { ["x"] = new JsonObject([.. others.Select(Sound).Distinct().Select(text => KeyValuePair.Create(text, (JsonNode?)text))]) },
            Text = "# Page\n",
        };
        DatasetCard read = DatasetCard.Parse(card.ToMarkdown());
        return read.PrettyName == card.PrettyName
            && read.Tags.SequenceEqual(card.Tags)
            && (others.Length == 0 || JsonNode.DeepEquals(read.Extra, card.Extra))
            && read.Text == card.Text;
    });

    [Theory]
    [InlineData(0, "n<1K")]
    [InlineData(999, "n<1K")]
    [InlineData(1_000, "1K<n<10K")]
    [InlineData(372_000, "100K<n<1M")]
    [InlineData(1_000_000_000_000, "n>1T")]
    public void SizeCategoryOf_ACount_IsTheHubsClass(long records, string category) => Assert.Equal(category, DatasetCard.SizeCategoryOf(records));

    [Fact]
    public void Parse_RealCards_ReadOrRefuseAsTheirNamesSay()
    {
        string folder = RealData.Require("corpora/cards");
        DatasetCard Read(string name) => DatasetCard.Parse(File.ReadAllText(Path.Combine(folder, name)));
        DatasetCard simple = Read("sample_datasetcard_simple.md");
        Assert.Equal(["en"], simple.Languages);
        Assert.Equal(["bsd-3-clause"], simple.Licenses);
        Assert.Equal(["crowdsourced", "expert-generated"], simple.AnnotationsCreators);
        Assert.Equal("Sample Segmentation", simple.PrettyName);
        Assert.StartsWith("\n# Dataset Card for Sample Segmentation\n", simple.Text, StringComparison.Ordinal);
        Assert.Equal(DatanetError.InvalidDatasetCard, Assert.Throws<DatanetException>(() => Read("sample_invalid_card_data.md")).Error);
        Assert.Empty(Read("sample_no_metadata.md").Extra);
        Assert.Equal(["eo"], Read("sample_windows_line_breaks.md").Languages);
        foreach (string name in new[] { "sample_datasetcard_simple.md", "sample_simple.md", "sample_simple_model_index.md", "sample_invalid_model_index.md", "sample_windows_line_breaks.md" })
        {
            DatasetCard card = Read(name);
            DatasetCard again = DatasetCard.Parse(card.ToMarkdown());
            Assert.Equal(card.ToMarkdown(), again.ToMarkdown());
            Assert.True(JsonNode.DeepEquals(card.Extra, again.Extra));
            Assert.Equal(card.Text, again.Text);
        }

        // The specifications' own examples hold placeholders such as {lang_0}, which are maps in YAML.
        Assert.Equal(DatanetError.InvalidDatasetCard, Assert.Throws<DatanetException>(() => Read("spec_datasetcard.md")).Error);
    }

    [Fact]
    public void Parse_DamagedCard_IsRefusedOrRead() => Gen.Select(Gen.Int[0, Card.Length - 1], Gen.Char, Gen.Int[0, Card.Length]).Sample((at, value, length) =>
    {
        char[] damaged = Card[..length].ToCharArray();
        if (at < length)
        {
            damaged[at] = value;
        }

        try
        {
            DatasetCard.Parse(new string(damaged)).ToMarkdown();
        }
        catch (DatanetException)
        {
            // the only exception allowed
        }
    }, iter: 20_000);

    // Half surrogate pairs cannot be written as UTF-8; line ends are made one kind.
    private static string Sound(string text) => new string([.. text.Where(c => !char.IsSurrogate(c))]).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
