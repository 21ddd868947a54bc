using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Contamination;

/// <summary>The n-grams of evaluation sets, to find texts that would teach a model the answers of its own examination.</summary>
/// <remarks>
/// Twelve bytes per n-gram and task: 64 bits of hash and the task's number; 1 M n-grams take 12 MB. Two different n-grams share a hash
/// once in 2^64 pairs. A search takes one rolled hash and one binary search per word. Immutable; safe for concurrent use.
/// </remarks>
public sealed class ContaminationIndex
{
    internal const int MaxNameLength = 100;

    private readonly ulong[] _hashes;
    private readonly int[] _owners;
    private readonly Lazy<Sha256Digest> _digest;

    internal ContaminationIndex(ContaminationOptions options, IReadOnlyList<EvaluationTask> tasks, ulong[] hashes, int[] owners)
    {
        Options = options;
        Tasks = tasks;
        _hashes = hashes;
        _owners = owners;
        _digest = new Lazy<Sha256Digest>(() => Sha256Digest.Of(ToDocument()));
    }

    /// <summary>What is looked for.</summary>
    public ContaminationOptions Options { get; }

    /// <summary>The evaluation sets, in the order in which they were added.</summary>
    public IReadOnlyList<EvaluationTask> Tasks { get; }

    /// <summary>Pairs of an n-gram and a task.</summary>
    public int Count => _hashes.Length;

    /// <summary>Bytes of the tables in memory.</summary>
    public long MemoryBytes => 12L * _hashes.Length;

    /// <summary>SHA-256 of <see cref="ToDocument"/>.</summary>
    public Sha256Digest Digest => _digest.Value;

    /// <summary>Reads an index that was stored.</summary>
    /// <param name="document">JSON as <see cref="ToDocument"/> writes it, in any spelling; at most 512 MiB.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/>, <see cref="DatanetError.LimitExceeded"/> or
    /// <see cref="DatanetError.InvalidValidationDocument"/>.
    /// </exception>
    public static ContaminationIndex Parse(ReadOnlySpan<byte> document) => ContaminationIndexDocument.Parse(document);

    /// <summary>The index as canonical JSON, UTF-8; about sixteen bytes per n-gram.</summary>
    public byte[] ToDocument() => CanonicalJson.Serialize(ContaminationIndexDocument.Describe(this, _hashes, _owners));

    /// <summary>Finds what a text repeats.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Runs of n-grams, by where they begin; a text that repeats two tasks at once gives a run for each.</returns>
    public IReadOnlyList<ContaminationHit> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (ulong[] words, TextToken[] tokens) = ContaminationText.Words(text);
        ulong?[] nGrams = NGramHashes.Of(words, Options.NGramLength, Options.MinDistinctWords);
        List<ContaminationHit> hits = [];
        Dictionary<int, (int First, int Last)> runs = []; // by task: n-grams of the run that is open
        for (int at = 0; at < nGrams.Length; at++)
        {
            if (nGrams[at] is not ulong hash)
            {
                continue;
            }

            for (int entry = LowerBound(hash); entry < _hashes.Length && _hashes[entry] == hash; entry++)
            {
                int task = _owners[entry];
                bool hasRun = runs.TryGetValue(task, out (int First, int Last) run);
                if (hasRun && run.Last < at - 1)
                {
                    hits.Add(Hit(task, run.First, run.Last, tokens));
                }

                runs[task] = (hasRun && run.Last == at - 1 ? run.First : at, at);
            }
        }

        hits.AddRange(runs.Select(run => Hit(run.Key, run.Value.First, run.Value.Last, tokens)));
        return [.. hits.OrderBy(hit => hit.Start).ThenBy(hit => hit.Task.Suite, StringComparer.Ordinal).ThenBy(hit => hit.Task.Name, StringComparer.Ordinal)];
    }

    internal static void ThrowIfNotAName(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        if (name.Length > MaxNameLength)
        {
            throw new ArgumentException($"The name has {name.Length} characters; at most {MaxNameLength} are allowed.", parameter);
        }
    }

    private ContaminationHit Hit(int task, int first, int last, TextToken[] tokens)
    {
        TextToken end = tokens[last + Options.NGramLength - 1];
        return new ContaminationHit(Tasks[task], tokens[first].Start, end.Start + end.Length - tokens[first].Start, last - first + 1);
    }

    private int LowerBound(ulong hash)
    {
        int low = 0;
        int high = _hashes.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = _hashes[middle] < hash ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
