using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Quality;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Validation;

/// <summary>Every textual corpus through the profile that fits it; the output is the table of docs/datanets/validation.md.</summary>
public class RealCorporaTests
{
    private static readonly ValidationProfile Sentences = ValidationProfile.Custom("sentences").Add(new EncodingRule()).Build();

    // Fractions that were measured; a change of a rule that moves one shows here.
    public static TheoryData<string, string, double> Corpora => new()
    {
        { "gsm8k/train.jsonl", "instruction", 1.0 },
        { "gsm8k/test.jsonl", "instruction", 1.0 },
        { "alpaca_en_demo.json", "instruction", 0.999 },
        { "identity.json", "instruction", 1.0 },
        { "alce/asqa_default.json", "instruction", 1.0 },
        { "alce/eli5_default.json", "instruction", 1.0 },
        { "datainf/grammars_train.jsonl", "instruction", 1.0 },
        { "datainf/grammars_test.jsonl", "instruction", 1.0 },
        { "datainf/math_with_reason_train.jsonl", "instruction", 1.0 },
        { "datainf/math_with_reason_test.jsonl", "instruction", 1.0 },
        { "mt_bench/reference_gpt4.jsonl", "chat", 1.0 },
        { "cranfield/corpus.jsonl", "web_text", 0.721 },
        { "tinyshakespeare.txt", "web_text", 0.014 },
        { "botchan_en.txt", "web_text", 0.337 },
        { "mt_bench/question.jsonl", "sentences", 1.0 },
        { "mt_bench/judge_prompts.jsonl", "sentences", 1.0 },
        { "cranfield/queries.jsonl", "sentences", 1.0 },
        { "cranfield/qrels.tsv", "sentences", 1.0 },
        { "mrpc/msr_paraphrase_train.txt", "sentences", 1.0 },
        { "mrpc/msr_paraphrase_test.txt", "sentences", 1.0 },
        { "sst2/train.tsv", "sentences", 1.0 },
        { "sst2/dev.tsv", "sentences", 1.0 },
        { "pii/presidio_small.json", "sentences", 0.990 },
        { "pii/templates.txt", "sentences", 0.995 },
        { "croissant/1.0/titanic/data/titanic.csv", "sentences", 1.0 },
        { "croissant/1.0/titanic/output/passengers.jsonl", "sentences", 1.0 },
    };

    [Theory]
    [MemberData(nameof(Corpora))]
    public void ValidateBatch_RealCorpus_GivesTheMeasuredFractions(string file, string profileName, double accepted)
    {
        ValidationProfile profile = profileName switch
        {
            "instruction" => BuiltInProfiles.Instruction(),
            "chat" => BuiltInProfiles.Chat(),
            "web_text" => BuiltInProfiles.WebText(),
            _ => Sentences,
        };
        ValidationReport report = new RecordValidator(profile).ValidateBatch(Read(file, profileName));
        string codes = string.Join(", ", report.Rules.SelectMany(rule => rule.RecordsByCode).OrderByDescending(pair => pair.Value).Take(8).Select(pair => $"{pair.Key} {pair.Value}"));
        double fraction = (double)report.Accepted / report.Evaluated;
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"| {file} | {profileName} | {report.Evaluated:N0} | {fraction:P1} | {(double)report.ToReview / report.Evaluated:P1} | {(double)report.Rejected / report.Evaluated:P1} | {report.MeanScore:0.000} | {codes} |"));
        Assert.Equal(report.ToDocument(), ValidationReport.Parse(report.ToDocument()).ToDocument());
        Assert.True(Math.Abs(fraction - accepted) < 0.001, FormattableString.Invariant($"{fraction:0.000} accepted; {codes}"));
    }

    private static IEnumerable<DatanetRecord> Read(string file, string profileName)
    {
        string path = RealData.Require("corpora/" + file);
        return Path.GetExtension(file) switch
        {
            ".jsonl" when profileName == "chat" => JsonLinesReader.ReadFile(path).Select(line => Chat(line.Value)),
            ".jsonl" => JsonLinesReader.ReadFile(path).Select(line => DatanetRecord.FromElement(line.Value)),
            ".json" => ReadJson(path),
            ".tsv" or ".csv" => Rows(File.ReadLines(path), file.EndsWith("csv", StringComparison.Ordinal) ? ',' : '\t'),
            ".txt" when file.StartsWith("mrpc", StringComparison.Ordinal) => Rows(File.ReadLines(path).Skip(1), '\t'),
            ".txt" when profileName == "web_text" => Pages(File.ReadAllText(path)),
            _ => Rows(File.ReadLines(path), '\0'),
        };
    }

    // A line is enough: the columns of these files hold no line breaks, and splitting quotes is not what is measured here.
    private static IEnumerable<DatanetRecord> Rows(IEnumerable<string> lines, char separator) =>
        lines.Where(line => line.Length > 0).Select(line => DatanetRecord.FromObject(
            new JsonObject(line.Split(separator).Select((cell, i) => KeyValuePair.Create($"c{i}", (JsonNode?)JsonValue.Create(cell))))));

    private static IEnumerable<DatanetRecord> ReadJson(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement.Clone();
        if (root.ValueKind == JsonValueKind.Array)
        {
            return root.EnumerateArray().Select(item => DatanetRecord.FromElement(item));
        }

        // The prompts of ALCE: one instruction for all demonstrations.
        string instruction = root.GetProperty("instruction").GetString()!;
        return root.GetProperty("demos").EnumerateArray().Select(demo => RuleTesting.Record(
            ("instruction", instruction + "\n" + demo.GetProperty("question").GetString()), ("output", demo.GetProperty("answer").GetString()!)));
    }

    private static IEnumerable<DatanetRecord> Pages(string text)
    {
        // About 500 words each, cut between lines.
        StringBuilder page = new();
        foreach (string line in text.Split('\n'))
        {
            page.Append(line).Append('\n');
            if (page.Length > 3000)
            {
                yield return RuleTesting.Record(("text", page.ToString()));
                page.Clear();
            }
        }

        yield return RuleTesting.Record(("text", page.ToString()));
    }

    // The answers of one line of MT-Bench are turns that follow its questions; the questions are in another file.
    private static DatanetRecord Chat(JsonElement line) => DatanetRecord.FromObject(new JsonObject
    {
        ["messages"] = new JsonArray([.. line.GetProperty("choices")[0].GetProperty("turns").EnumerateArray().SelectMany(turn => new JsonNode[]
        {
            new JsonObject { ["role"] = "user", ["content"] = $"question {line.GetProperty("question_id").GetInt32()}" },
            new JsonObject { ["role"] = "assistant", ["content"] = turn.GetString() },
        })]),
    });
}
