using System.Text.Json;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Versions;

namespace PayableAi.Input;

/// <summary>One line of a contributor's file.</summary>
internal sealed record SourceLine(string Id, string Position, DatanetRecord Record);

/// <summary>What one contributor gives to one datanet: the lines of <c>DIR/datanet/contributor.jsonl</c>.</summary>
internal sealed record Submission(string Datanet, string Contributor, IReadOnlyList<SourceLine> Lines);

/// <summary>A question in words that no record uses, the answer it should get and the records that hold the fact.</summary>
internal sealed record HeldOutQuestion(string Question, string Answer, IReadOnlyList<string> Records, bool Show);

/// <summary>The input folder, completely read and checked before anything is written. docs/payable-ai-data.md describes the layout.</summary>
internal sealed class SampleData
{
    private const string HeldOutFile = "held-out.jsonl";
    private const int MaxText = 300;

    private SampleData(IReadOnlyList<Submission> submissions, IReadOnlyList<HeldOutQuestion> heldOut) => (Submissions, HeldOut) = (submissions, heldOut);

    /// <summary>What a record of a datanet looks like: a question with its answer, or prose.</summary>
    public static DatanetSchema Schema { get; } = new SchemaBuilder("lore")
        .Variant("question", v => v.Required("question", new TextField(1, MaxText)).Required("answer", new TextField(1, MaxText)))
        .Variant("prose", v => v.Required("text", new TextField(1, MaxText)))
        .Build();

    public IReadOnlyList<Submission> Submissions { get; }

    public IReadOnlyList<HeldOutQuestion> HeldOut { get; }

    public static SampleData Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new BadInputException($"{folder}: the data folder does not exist; give --data DIR with DIR/<datanet>/<contributor>.jsonl and DIR/{HeldOutFile}");
        }

        List<Submission> submissions = [];
        foreach (string datanet in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (!Datanet.IsValidId(Path.GetFileName(datanet)))
            {
                throw new BadInputException($"{datanet}: the folder name is not a datanet id; use 1 to 64 lower-case letters, digits and inner hyphens");
            }

            foreach (string file in Directory.EnumerateFiles(datanet, "*.jsonl").Order(StringComparer.Ordinal))
            {
                submissions.Add(new Submission(Path.GetFileName(datanet), Path.GetFileNameWithoutExtension(file), ReadRecords(file)));
            }
        }

        if (submissions.Count == 0)
        {
            throw new BadInputException($"{folder}: holds no <datanet>/<contributor>.jsonl");
        }

        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (SourceLine line in submissions.SelectMany(s => s.Lines))
        {
            if (!ids.Add(line.Id))
            {
                throw new BadInputException($"{line.Position}: the id '{line.Id}' is used by an earlier record; ids are unique in the whole folder");
            }
        }

        return new SampleData(submissions, ReadHeldOut(Path.Combine(folder, HeldOutFile), ids));
    }

    private static List<SourceLine> ReadRecords(string file)
    {
        List<SourceLine> lines = [];
        foreach (JsonLine line in JsonLinesReader.ReadFile(file))
        {
            string id = RequiredText(line, "id");

            // The id names the line in reports; it is not part of the record, or a copy under another id would not be a duplicate.
            // A contributor's files in two datanets have the same name, so the folder belongs to the position.
            string position = $"{Path.GetFileName(Path.GetDirectoryName(file))}/{line.Position}";
            DatanetRecord record = DatanetRecord.FromObject(WithoutId(line.Value), position);
            if (Schema.Validate(record.Element) is [SchemaFault fault, ..])
            {
                throw new BadInputException($"{position}: {fault}");
            }

            lines.Add(new SourceLine(id, position, record));
        }

        return lines.Count > 0 ? lines : throw new BadInputException($"{file}: holds no record");
    }

    private static List<HeldOutQuestion> ReadHeldOut(string file, HashSet<string> ids)
    {
        if (!File.Exists(file))
        {
            throw new BadInputException($"{file}: does not exist; it holds the questions that are asked after training");
        }

        List<HeldOutQuestion> questions = [];
        foreach (JsonLine line in JsonLinesReader.ReadFile(file))
        {
            List<string> records = line.Value.ValueKind == JsonValueKind.Object && line.Value.TryGetProperty("records", out JsonElement several)
                ? RecordList(line, several)
                : [RequiredText(line, "record")];
            if (records.FirstOrDefault(r => !ids.Contains(r)) is { } unknown)
            {
                throw new BadInputException($"{line.Position}: the record '{unknown}' is in no contributor's file");
            }

            bool show = line.Value.TryGetProperty("show", out JsonElement flag) && flag.ValueKind == JsonValueKind.True;
            questions.Add(new HeldOutQuestion(RequiredText(line, "question"), RequiredText(line, "answer"), records, show));
        }

        return questions.Count >= 3 ? questions : throw new BadInputException($"{file}: holds {questions.Count} questions; three are shown, so at least three are needed");
    }

    private static string RequiredText(JsonLine line, string name) =>
        line.Value.ValueKind == JsonValueKind.Object && line.Value.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MaxText } text
            ? text
            : throw new BadInputException($"{line.Position}: the field '{name}' is missing or not a text of 1 to {MaxText} characters");

    private static List<string> RecordList(JsonLine line, JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(e => e.GetString()!)]
            : throw new BadInputException($"{line.Position}: the field 'records' is not a list of at least one record id");

    private static System.Text.Json.Nodes.JsonObject WithoutId(JsonElement value)
    {
        System.Text.Json.Nodes.JsonObject copy = System.Text.Json.Nodes.JsonObject.Create(value)!;
        copy.Remove("id");
        return copy;
    }
}
