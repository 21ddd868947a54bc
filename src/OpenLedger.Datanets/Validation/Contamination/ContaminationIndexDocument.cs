using System.Buffers.Binary;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Validation.Contamination;

/// <summary>Writes and reads stored indices: hashes and task numbers as base64 of little-endian integers, ordered by hash, then task.</summary>
internal static class ContaminationIndexDocument
{
    public const string Format = "openledger-contamination-index/1";
    private const int MaxLength = 512 << 20;

    public static JsonObject Describe(ContaminationIndex index, ulong[] hashes, int[] owners)
    {
        byte[] hashBytes = new byte[hashes.Length * 8];
        byte[] ownerBytes = new byte[owners.Length * 4];
        for (int i = 0; i < hashes.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(hashBytes.AsSpan(i * 8), hashes[i]);
            BinaryPrimitives.WriteInt32LittleEndian(ownerBytes.AsSpan(i * 4), owners[i]);
        }

        return new JsonObject
        {
            ["format"] = Format,
            ["hashes"] = Convert.ToBase64String(hashBytes),
            ["normalizer"] = ContaminationText.Normalizer,
            ["options"] = index.Options.Describe(),
            ["owners"] = Convert.ToBase64String(ownerBytes),
            ["tasks"] = new JsonArray([.. index.Tasks.Select(task => (JsonNode)new JsonObject
            {
                ["coveredItems"] = task.CoveredItems,
                ["items"] = task.Items,
                ["name"] = task.Name,
                ["suite"] = task.Suite,
            })]),
        };
    }

    public static ContaminationIndex Parse(ReadOnlySpan<byte> document)
    {
        DocumentObject root = RecordReportDocument.Root(document, MaxLength);
        root.AllowOnly("format", "hashes", "normalizer", "options", "owners", "tasks");
        if (root.Text("format") is not Format and string format)
        {
            throw root.Fault("format", $"is '{Excerpt.Of(format)}'; this version reads '{Format}'");
        }

        if (root.Text("normalizer") is not ContaminationText.Normalizer and string normalizer)
        {
            throw root.Fault("normalizer", $"is '{Excerpt.Of(normalizer)}'; this version compares by '{ContaminationText.Normalizer}'");
        }

        ContaminationOptions options = ReadOptions(root.Object("options"));
        EvaluationTask[] tasks = [.. root.Objects("tasks").Select(ReadTask)];
        if (tasks.DistinctBy(task => (task.Suite, task.Name)).Count() != tasks.Length)
        {
            throw root.Fault("tasks", "holds a task twice");
        }

        byte[] hashBytes = Bytes(root, "hashes", 8);
        byte[] ownerBytes = Bytes(root, "owners", 4);
        if (hashBytes.Length != 2L * ownerBytes.Length)
        {
            throw root.Fault("owners", "has another number of entries than hashes");
        }

        ulong[] hashes = new ulong[hashBytes.Length / 8];
        int[] owners = new int[hashes.Length];
        for (int i = 0; i < hashes.Length; i++)
        {
            hashes[i] = BinaryPrimitives.ReadUInt64LittleEndian(hashBytes.AsSpan(i * 8));
            owners[i] = BinaryPrimitives.ReadInt32LittleEndian(ownerBytes.AsSpan(i * 4));
            if (owners[i] < 0 || owners[i] >= tasks.Length)
            {
                throw root.Fault("owners", "names a task that is not there");
            }

            // Searches rely on the order; a repeated entry would be counted twice.
            if (i > 0 && (hashes[i - 1], owners[i - 1]).CompareTo((hashes[i], owners[i])) >= 0)
            {
                throw root.Fault("hashes", "is not in order, or holds an entry twice");
            }
        }

        return new ContaminationIndex(options, tasks, hashes, owners);
    }

    private static ContaminationOptions ReadOptions(DocumentObject options)
    {
        options.AllowOnly("minDistinctWords", "nGramLength", "searchLabels", "searchOverlap", "searchQueries");
        ContaminationOptions read = new()
        {
            MinDistinctWords = options.Int32("minDistinctWords"),
            NGramLength = options.Int32("nGramLength"),
            SearchLabels = options.Boolean("searchLabels"),
            SearchOverlap = options.Boolean("searchOverlap"),
            SearchQueries = options.Boolean("searchQueries"),
        };
        try
        {
            read.Validate();
        }
        catch (ArgumentException exception)
        {
            throw new DatanetException(DatanetError.InvalidValidationDocument, $"The options are not legal: {exception.Message}", exception);
        }

        return read;
    }

    private static EvaluationTask ReadTask(DocumentObject task)
    {
        task.AllowOnly("coveredItems", "items", "name", "suite");
        int items = task.Int32("items");
        int covered = task.Int32("coveredItems");
        if (covered < 0 || covered > items)
        {
            throw task.Fault("coveredItems", "is not from 0 to items");
        }

        return new EvaluationTask(Name(task, "suite"), Name(task, "name"), items, covered);
    }

    private static string Name(DocumentObject parent, string name) =>
        parent.Text(name) is { Length: > 0 and <= ContaminationIndex.MaxNameLength } text
            ? text
            : throw parent.Fault(name, $"does not have 1 to {ContaminationIndex.MaxNameLength} characters");

    private static byte[] Bytes(DocumentObject root, string name, int size)
    {
        string text = root.Text(name);
        byte[] bytes = new byte[(text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(text, bytes, out int written) || written % size != 0)
        {
            throw root.Fault(name, $"is not base64 of integers of {size} bytes");
        }

        return bytes[..written];
    }
}
