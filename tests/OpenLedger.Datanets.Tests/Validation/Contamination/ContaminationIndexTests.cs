using System.Text;
using System.Text.Json;
using CsCheck;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Tests.Validation.Text;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Contamination;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Validation.Contamination;

public class ContaminationIndexTests
{
    private static readonly ContaminationOptions Four = new() { NGramLength = 4, MinDistinctWords = 1 };
    private static readonly ContaminationOptions Pieces = new() { SearchQueries = true };

    // datatrove's own example: query A B C D E, label F G H I J, n = 4.
    [Theory]
    [InlineData("f g h i", true, false, false)]
    [InlineData("g h i j", true, false, false)]
    [InlineData("a b c d", false, true, false)]
    [InlineData("b c d e", false, true, false)]
    [InlineData("c d e f", false, false, true)]
    [InlineData("d e f g", false, false, true)]
    [InlineData("e f g h", false, false, true)]
    [InlineData("f g h x", false, false, false)]
    [InlineData("i j a b", false, false, false)]
    public void Find_PartsOfAnItem_FollowTheOptions(string text, bool inLabel, bool inQuery, bool inOverlap)
    {
        Assert.Equal(inLabel, Hits(Four with { SearchOverlap = false }));
        Assert.Equal(inQuery, Hits(Four with { SearchLabels = false, SearchOverlap = false, SearchQueries = true }));
        Assert.Equal(inOverlap, Hits(Four with { SearchLabels = false }));
        bool Hits(ContaminationOptions options) =>
            new ContaminationIndexBuilder(options).Add("s", "t", "A B C D E", "F G H I J").Build().Find($"x y {text} z").Count > 0;
    }

    [Theory]
    [InlineData("The café has 3 tables, 20 chairs", "the CAFE has 1,234.5 tables... 7 chairs", true)]
    [InlineData("The café has 3 tables", "The café has three tables", false)]
    [InlineData("don't stop me now", "dont stop me NOW", true)]
    [InlineData("Tiếng Việt rất đẹp", "tieng viet rat đep", true)]
    [InlineData("Tiếng Việt rất đẹp", "tieng viet rat dep", false)] // đ is a letter of its own
    [InlineData("今天天氣", "今天 天氣！", true)]
    [InlineData("一 二 三 四", "(一)二、三四", true)]
    public void Find_Spellings_AreComparedAsNormalised(string item, string text, bool isFound) =>
        Assert.Equal(isFound, new ContaminationIndexBuilder(Four).Add("s", "t", null, item).Build().Find(text).Count > 0);

    [Fact]
    public void Find_Decomposed_IsTheSameText()
    {
        const string Text = "Chúng tôi không thể trở về thành phố vì nước lũ đã dâng cao";
        ContaminationIndex index = new ContaminationIndexBuilder().Add("s", "t", null, Text).Build();
        Assert.Equal(index.Find(Text).Single().NGrams, index.Find(TextSegmenterTests.Decompose(Text)).Single().NGrams);
    }

    [Fact]
    public void Find_Runs_NameTheTextTheTaskAndTheCount()
    {
        ContaminationIndex index = new ContaminationIndexBuilder(Four)
            .Add("suite", "one", null, "a b c d e f")
            .Add("suite", "two", null, "c d e f g")
            .Add("suite", "two", null, "too short")
            .Build();
        const string Text = "x a b, c d e f g! y a b c d";
        IReadOnlyList<ContaminationHit> hits = index.Find(Text);
        Assert.Equal(
            [("one", "a b, c d e f", 3), ("two", "c d e f g", 2), ("one", "a b c d", 1)],
            hits.Select(hit => (hit.Task.Name, Text.Substring(hit.Start, hit.Length), hit.NGrams)));
        Assert.Equal([("suite", "one", 1, 1), ("suite", "two", 2, 1)], index.Tasks.Select(t => (t.Suite, t.Name, t.Items, t.CoveredItems)));
        Assert.Equal((5, 60), (index.Count, index.MemoryBytes));
    }

    [Fact]
    public void Find_TablesOfNumbers_AreNotWords()
    {
        ContaminationIndex index = new ContaminationIndexBuilder().Add("s", "t", null, "16 - 3 - 4 = 9, 9 * 2 = 18, 1 2 3 4 5 6 7 8 9 10 11 12").Build();
        Assert.Equal((0, 0), (index.Count, index.Tasks[0].CoveredItems));
        ContaminationIndex all = new ContaminationIndexBuilder(new ContaminationOptions { MinDistinctWords = 1 }).Add("s", "t", null, "1 2 3 4 5 6 7 8 9 10 11 12").Build();
        Assert.Single(all.Find("7 7 7 7 7 7 7 7 7 7 7 7"));
    }

    [Fact]
    public void NGramHashes_AnyWords_EqualOnesComputedAlone() =>
        Gen.ULong.Array[0, 30].Select(Gen.Int[2, 12], Gen.Int[1, 5]).Sample((words, n, distinct) =>
        {
            ulong[] few = [.. words.Select(word => word % 6)];
            ulong?[] rolled = NGramHashes.Of(few, n, distinct);
            Assert.Equal(Math.Max(0, few.Length - n + 1), rolled.Length);
            for (int i = 0; i < rolled.Length; i++)
            {
                Assert.Equal(few.AsSpan(i, n).ToArray().Distinct().Count() >= distinct, rolled[i].HasValue);
                Assert.Equal(NGramHashes.Of(few.AsSpan(i, n), n, distinct).Single(), rolled[i]);
            }
        });

    [Fact]
    public void Document_ReadBack_FindsTheSame()
    {
        ContaminationIndex index = new ContaminationIndexBuilder(Four).Add("s", "t", "a b", "c d e f").Add("s", "u", null, "d e f g h").Build();
        ContaminationIndex read = ContaminationIndex.Parse(index.ToDocument());
        Assert.Equal(index.Digest, read.Digest);
        Assert.Equal(index.Options, read.Options);
        Assert.Equal(index.Find("a b c d e f g h"), read.Find("a b c d e f g h"));
        Assert.Equal(2, read.Find("a b c d e f g h").Count);

        // Pinned: stored indices must be found by later versions.
        Assert.StartsWith("bf282d92c51d02dda4c556f9698daca3a85f23277350e94751", index.Digest.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"nGramLength\":4", "\"nGramLength\":1")]
    [InlineData("contamination/1", "contamination/2")]
    [InlineData("contamination-index/1", "contamination-index/9")]
    [InlineData("\"coveredItems\":1", "\"coveredItems\":2")]
    [InlineData("\"owners\":\"AAAAAA", "\"owners\":\"BQAAAA")]
    [InlineData("\"owners\":\"", "\"owners\":\"A")]
    [InlineData("\"tasks\":", "\"more\":1,\"tasks\":")]
    public void Parse_DocumentThatContradictsItself_IsRefused(string old, string @new)
    {
        string document = Encoding.UTF8.GetString(new ContaminationIndexBuilder(Four).Add("s", "t", null, "a b c d e f").Build().ToDocument());
        Assert.Contains(old, document, StringComparison.Ordinal);
        DatanetException exception = Assert.Throws<DatanetException>(
            () => ContaminationIndex.Parse(Encoding.UTF8.GetBytes(document.Replace(old, @new, StringComparison.Ordinal))));
        Assert.Equal(DatanetError.InvalidValidationDocument, exception.Error);
    }

    [Fact]
    public void Parse_FlippedBytes_GiveAnIndexOrTheDocumentedException()
    {
        byte[] valid = new ContaminationIndexBuilder(Four).Add("s", "t", "a b", "c d e f").Add("s", "u", null, "d e f g h").Build().ToDocument();
        Fuzzing.Flip(valid, 20_000, bytes => ContaminationIndex.Parse(bytes).Find("a b c d e f g h"));
    }

    [Fact]
    public void Rule_QuestionAndAnswer_AreSearchedAsOne()
    {
        string[] query = [.. "Natalia sold clips to some of her friends in April and then sold half as many in May".Split(' ')];
        ContaminationIndex index = new ContaminationIndexBuilder().Add("s", "gsm", string.Join(' ', query), "She sold half of them, altogether seventy two").Build();
        ContaminationRule rule = new(index);
        RecordReport report = RuleTesting.Validate(rule, RuleTesting.Record(("question", string.Join(' ', query)), ("answer", "She sold half of")));
        RuleFinding finding = Assert.Single(report.Findings);
        Assert.Equal(("contaminated", "$.answer", 4.0), (finding.Code, finding.Path, finding.Measured!.Value));
        Assert.True(finding.Excerpt!.Length <= 80);
        Assert.Empty(RuleTesting.Validate(rule, RuleTesting.Record(("question", string.Join(' ', query)), ("answer", "Seventy"))).Findings);
    }

    [Fact]
    public void Find_PlantedInRealText_IsAlwaysFound()
    {
        (string Query, string Label)[] items = [.. Gsm8k("test.jsonl")];
        ContaminationIndexBuilder builder = new();
        foreach ((string query, string label) in items)
        {
            builder.Add("gsm8k", "test", query, label);
        }

        ContaminationIndex index = builder.Build();
        string[] hosts = [.. JsonLinesReader.ReadFile(Path.Combine(RealData.Require("corpora/cranfield"), "corpus.jsonl")).Select(l => l.Value.GetProperty("text").GetString()!)];
        int planted = 0;
        int found = 0;
        for (int i = 0; i < items.Length; i++)
        {
            ContaminationIndex alone = new ContaminationIndexBuilder().Add("s", "t", items[i].Query, items[i].Label).Build();
            if (alone.Count == 0)
            {
                continue; // the answer is too short to be found, which the index says in CoveredItems
            }

            string host = hosts[i % hosts.Length];
            string disguised = $"{items[i].Query} {items[i].Label}".ToUpperInvariant().Replace(' ', '\n');
            planted++;
            found += index.Find($"{host[..(host.Length / 2)]} {disguised} {host[(host.Length / 2)..]}").Count > 0 ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"gsm8k/test: {items.Length} items, {index.Tasks[0].CoveredItems} covered, {index.Count} n-grams; {found} of {planted} found");
        Assert.Equal(planted, found);
        Assert.Equal(planted, index.Tasks[0].CoveredItems);
        Assert.True(planted > 0.95 * items.Length);
        Assert.Equal(0, hosts.Count(host => index.Find(host).Count > 0));
    }

    [Fact]
    public void Find_RealCorporaAgainstEachOther_AreClean()
    {
        Dictionary<string, string[]> corpora = RealTexts();
        foreach ((string name, string[] evaluation) in corpora)
        {
            ContaminationIndexBuilder builder = new(Pieces);
            foreach (string text in evaluation)
            {
                builder.Add("real", name, null, text);
            }

            ContaminationIndex index = builder.Build();
            int itself = evaluation.Count(text => index.Find(text).Count > 0);
            Assert.Equal(index.Tasks[0].CoveredItems, itself);
            foreach ((string other, string[] texts) in corpora.Where(pair => pair.Key != name))
            {
                string[] hits = [.. texts.Where(text => index.Find(text).Count > 0)];
                TestContext.Current.TestOutputHelper?.WriteLine($"{name} ({index.Tasks[0].CoveredItems}/{evaluation.Length} covered, {index.Count}) in {other}: {hits.Length} of {texts.Length}");

                // MT-Bench holds an item of GSM8K's test set with other numbers: contamination among the real sets themselves.
                bool isKnown = (name, other) is ("gsm8k", "mt_bench") or ("mt_bench", "gsm8k");
                Assert.Equal(isKnown ? 1 : 0, hits.Length);
                Assert.All(hits, hit => Assert.StartsWith("Some people got on a bus at the terminal.", hit, StringComparison.Ordinal));
            }
        }
    }

    private static Dictionary<string, string[]> RealTexts() => new()
    {
        ["gsm8k"] = [.. Gsm8k("test.jsonl").Select(item => $"{item.Query}\n{item.Label}")],
        ["mt_bench"] =
        [
            .. JsonLinesReader.ReadFile(Path.Combine(RealData.Require("corpora/mt_bench"), "question.jsonl"))
                .SelectMany(line => line.Value.GetProperty("turns").EnumerateArray().Select(turn => turn.GetString()!)),
        ],
        ["mrpc"] = [.. File.ReadLines(Path.Combine(RealData.Require("corpora/mrpc"), "msr_paraphrase_test.txt")).Skip(1).Select(line => line.Split('\t')[3])],
        ["sst2"] = [.. File.ReadLines(Path.Combine(RealData.Require("corpora/sst2"), "dev.tsv")).Select(line => line.Split('\t')[0])],
    };

    private static IEnumerable<(string Query, string Label)> Gsm8k(string file)
    {
        foreach (JsonLine line in JsonLinesReader.ReadFile(Path.Combine(RealData.Require("corpora/gsm8k"), file)))
        {
            yield return (line.Value.GetProperty("question").GetString()!, line.Value.GetProperty("answer").GetString()!);
        }
    }
}
