using System.Text;
using System.Text.Json;
using OpenLedger.Testing;
using PayableAi.Reporting;

namespace OpenLedger.Samples.Tests.Reporting;

public sealed class RunResultFileTests
{
    [Fact]
    public void Read_WrittenResult_GivesTheSameJson()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("deep", "result.json");
        RunResult run = Runs.Typical();

        RunResultFile.Write(path, run);
        RunResult back = RunResultFile.Read(path);

        Assert.Equal(File.ReadAllText(path), RunResultFile.ToJson(back));
        Assert.Equal(run.Answers[1].Spans[0].Records, back.Answers[1].Spans[0].Records);
        Assert.Equal(run.Training.Curve[639], back.Training.Curve[639]);
        Assert.Equal([path], Directory.GetFiles(folder.File("deep")));
    }

    [Fact]
    public void ToJson_TypicalRun_HasTheDocumentedKeys()
    {
        using JsonDocument document = JsonDocument.Parse(RunResultFile.ToJson(Runs.Typical()));
        JsonElement root = document.RootElement;

        Assert.Equal(7, root.GetProperty("seed").GetInt32());
        Assert.Equal(94.37, root.GetProperty("durationSeconds").GetDouble());
        Assert.Equal(0.412, root.GetProperty("training").GetProperty("lossLast").GetDouble());
        Assert.Equal(["adapterCorrect", "baseCorrect", "total"], Keys(root.GetProperty("training").GetProperty("heldOut")));
        Assert.Equal(["method", "top3", "bm25Top3", "bm25WithAnswerTop3", "dataInfTop3", "total"], Keys(root.GetProperty("influence")));
        Assert.Equal(["question", "base", "adapter", "expected", "correct", "influence", "spans", "coverage"], Keys(root.GetProperty("answers")[0]));
        Assert.Equal(["record", "contributor", "score", "weightPpb", "text"], Keys(root.GetProperty("answers")[0].GetProperty("influence")[0]));
        Assert.Equal("3200000000000001", root.GetProperty("fees")[0].GetProperty("total").GetString());
        Assert.Equal(["contributor", "account", "amount", "verified"], Keys(root.GetProperty("claims")[0]));
        Assert.Equal(["contributor", "recordsUsed", "sharePpb", "paid"], Keys(root.GetProperty("payouts")[0]));
        Assert.True(root.GetProperty("tamperDetected").GetBoolean());
    }

    [Fact]
    public void ToJson_EveryKey_IsDocumented()
    {
        string documentation = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "result-json.md"));
        using JsonDocument document = JsonDocument.Parse(RunResultFile.ToJson(Runs.Typical()));

        Assert.All(Paths(document.RootElement, ""), path => Assert.Contains($"| `{path}` |", documentation, StringComparison.Ordinal));
    }

    [Fact]
    public void ToJson_Text_EndsLinesWithLineFeedsAndKeepsApostrophes()
    {
        RunResult run = Runs.Typical();
        string json = RunResultFile.ToJson(run with { Machine = run.Machine with { Os = "Piet's Ærø" } });

        Assert.DoesNotContain('\r', json);
        Assert.EndsWith("}\n", json, StringComparison.Ordinal);
        Assert.Contains("\n  \"seed\": 7,\n", json, StringComparison.Ordinal);
        Assert.Contains("\"Piet's Ærø\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutMeasurements_RunsThatDifferInSpeed_AreTheSame()
    {
        RunResult run = Runs.Typical();
        RunResult slower = run with
        {
            DurationSeconds = 170,
            PeakMemoryMiB = 2000,
            Machine = new MachineResult { Os = "other", Cores = 64, Dotnet = "10.0.9" },
            Training = run.Training with { TokensPerSecond = 3 },
        };
        RunResult different = run with { Training = run.Training with { LossLast = 0.413 } };

        Assert.NotEqual(RunResultFile.ToJson(run), RunResultFile.ToJson(slower));
        Assert.Equal(RunResultFile.ToJson(run.WithoutMeasurements()), RunResultFile.ToJson(slower.WithoutMeasurements()));
        Assert.NotEqual(RunResultFile.ToJson(run.WithoutMeasurements()), RunResultFile.ToJson(different.WithoutMeasurements()));
    }

    [Fact]
    public void Write_ContradictingResult_NamesTheFaultsAndKeepsTheOldFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("result.json");
        RunResult run = Runs.Typical();
        RunResultFile.Write(path, run);
        string before = File.ReadAllText(path);
        RunResult wrong = run with
        {
            DurationSeconds = double.NaN,
            Fees = [run.Fees[0] with { Total = "3200000000000002" }],
            Tamper = new TamperResult { Flips = 200, Rejected = 199 },
        };

        var exception = Assert.Throws<ArgumentException>(() => RunResultFile.Write(path, wrong));

        Assert.Contains("durationSeconds is NaN; it must be finite and at least 0.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("fees[0].parts sum to 3200000000000001, not to the total 3200000000000002.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("tamperDetected is true, but not every flip was rejected.", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_TargetIsAFolder_LeavesNoTemporaryFile()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("result.json"));

        Assert.ThrowsAny<Exception>(() => RunResultFile.Write(folder.File("result.json"), Runs.Typical()));

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("\"seed\": 7,", "", "seed")]
    [InlineData("\"correct\": true", "\"correct\": null", "correct")]
    [InlineData("\"hm-004\",", "null,", "record")]
    [InlineData("\"amount\": \"200000000000000\"", "\"amount\": \"-200000000000000\"", "fees[0].parts[0].amount")]
    [InlineData("\"start\": 3,", "\"start\": 4,", "answers[1].spans[0]")]
    [InlineData("\"start\": 3,", "\"start\": 2147483647,", "answers[1].spans[0]")]
    [InlineData("\"coverage\": 0.75", "\"coverage\": 1.01", "answers[1].coverage")]
    [InlineData("\"adapterCorrect\": 331", "\"adapterCorrect\": 373", "heldOut.adapterCorrect")]
    [InlineData("\"passed\": 26", "\"passed\": 27", "verification.passed")]
    [InlineData("\"step\": 640,", "\"step\": 639,", "training.curve[639]")]
    public void Read_ChangedFile_NamesTheKey(string before, string after, string key)
    {
        using var folder = new TemporaryFolder();
        string json = RunResultFile.ToJson(Runs.Typical());
        Assert.Contains(before, json, StringComparison.Ordinal);
        string path = folder.File("result.json");
        int at = json.IndexOf(before, StringComparison.Ordinal);
        File.WriteAllText(path, json[..at] + after + json[(at + before.Length)..]);

        var exception = Assert.Throws<InvalidDataException>(() => RunResultFile.Read(path));

        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(key, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"answers\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}")]
    public void Read_NoResult_IsRefused(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("result.json"), text);

        Assert.Throws<InvalidDataException>(() => RunResultFile.Read(folder.File("result.json")));
    }

    [Fact]
    public void Read_RandomlyDamagedFiles_GiveAResultThatCanBeShownOrInvalidData()
    {
        RunResult small = Runs.Typical();
        small = small with { Training = small.Training with { Curve = [.. small.Training.Curve.Take(5)] } };
        byte[] valid = Encoding.UTF8.GetBytes(RunResultFile.ToJson(small));
        var random = new Random(20261122);
        using var folder = new TemporaryFolder();
        string path = folder.File("result.json");
        int refused = 0;
        for (int round = 0; round < 1500; round++)
        {
            byte[] bytes = [.. valid];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            }

            File.WriteAllBytes(path, round % 5 == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            try
            {
                RunResult result = RunResultFile.Read(path);
                Assert.NotEmpty(HtmlReport.Render(result));
                new ConsoleStory(TextWriter.Null, new ConsoleStoryOptions()).Finish(result, "a", "b");
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        // Flips inside words of a text are harmless, so some files stay valid.
        Assert.InRange(refused, 300, 1499);
    }

    private static string[] Keys(JsonElement element) => [.. element.EnumerateObject().Select(static property => property.Name)];

    private static HashSet<string> Paths(JsonElement element, string prefix)
    {
        var paths = new HashSet<string>();
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                string path = prefix.Length == 0 ? property.Name : $"{prefix}.{property.Name}";
                path += property.Value.ValueKind == JsonValueKind.Array ? "[]" : "";
                paths.Add(path);
                paths.UnionWith(Paths(property.Value, path));
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                paths.UnionWith(Paths(item, prefix));
            }
        }

        return paths;
    }
}
