using System.Diagnostics;
using System.Security.Cryptography;
using OpenLedger.Benchmarks.Bars;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Ingest;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Transparency;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>The bars of trees, proofs and ingestion.</summary>
internal static class DatanetBars
{
    private const int Leaves = 1 << 20;
    private const int NodeLength = 65;
    private const int Records = 30_000;
    private const int DurableRecords = 8_000;
    private const int RecordsPerContribution = 1_000;

    public static async Task<IReadOnlyList<Bar>> MeasureAsync(int rounds) =>
        [.. Trees(rounds), .. Proofs(rounds), .. await IngestAsync(rounds).ConfigureAwait(false), .. await DurableAsync(rounds).ConfigureAwait(false)];

    private static IEnumerable<Bar> Trees(int rounds)
    {
        Sha256Digest[] leaves = [.. Enumerable.Range(0, Leaves).Select(i => Sha256Digest.Of(BitConverter.GetBytes(i)))];
        byte[] inputs = NodeInputs(leaves);
        List<double> one = [];
        List<double> two = [];
        List<double> single = [];
        List<double> loops = [];
        List<double> oneByProcessor = [];
        List<double> twoByProcessor = [];
        for (int round = -1; round < rounds; round++)
        {
            (double plain, double plainBusy) = ClockAndProcessor(() => HashEach(inputs));
            (double bulk, double bulkBusy) = ClockAndProcessor(() => new TransparencyTree().AppendLeafHashes(leaves));
            (double parallel, double parallelBusy) = ClockAndProcessor(() => new TransparencyTree().AppendLeafHashes(leaves, maxThreads: 2));
            double eachLeaf = Milliseconds(() => AppendEach(leaves));
            double twoLoops = Milliseconds(() => OnTwoThreads(() => HashEach(inputs.AsSpan(0, Leaves / 2 * NodeLength))));
            if (round >= 0) // the first round warms up
            {
                one.Add(plain / bulk);
                two.Add(plain / parallel);
                single.Add(plain / eachLeaf);
                loops.Add(plain / twoLoops);
                oneByProcessor.Add(plainBusy / bulkBusy);
                twoByProcessor.Add(2 * plainBusy / parallelBusy);
            }
        }

        yield return new Bar("Tree of 1 Mi leaves, one thread, against SHA256.HashData per node", "x", one) { AtLeast = 0.85 };
        yield return new Bar("The same, processor time against processor time", "x", oneByProcessor) { AtLeast = 0.85 };
        yield return new Bar("The same on two threads", "x", two) { AtLeast = 1.7 };
        yield return new Bar("The same, twice processor time against processor time: two free cores", "x", twoByProcessor) { AtLeast = 1.7 };
        yield return new Bar("The same leaf by leaf", "x", single);
        yield return new Bar("What the machine gives: the plain loop on two threads", "x", loops);
    }

    private static IEnumerable<Bar> Proofs(int rounds)
    {
        const int proofs = 2_000;
        const int size = 1_000_000;
        TransparencyTree tree = new();
        tree.AppendLeafHashes([.. Enumerable.Range(0, size).Select(i => Sha256Digest.Of(BitConverter.GetBytes(i)))], Environment.ProcessorCount);
        Sha256Digest root = tree.Root;
        List<double>[] times = [[], [], [], []];
        for (int round = -1; round < rounds; round++)
        {
            Random random = new(round);
            int[] indices = [.. Enumerable.Range(0, proofs).Select(_ => random.Next(1, size))];
            InclusionProof[] inclusion = [];
            ConsistencyProof[] consistency = [];
            double[] spent =
            [
                Processor(() => inclusion = [.. indices.Select(i => tree.ProveInclusion(i, size))]),
                Processor(() => Require(inclusion.All(proof => proof.Verify(tree.LeafHash(proof.LeafIndex), root)))),
                Processor(() => consistency = [.. indices.Select(i => tree.ProveConsistency(i, size))]),
                Processor(() => Require(consistency.All(proof => proof.Verify(tree.RootAt(proof.OlderSize), root)))),
            ];
            for (int i = 0; i < spent.Length && round >= 0; i++)
            {
                times[i].Add(spent[i] * 1e3 / proofs);
            }
        }

        yield return new Bar("Inclusion proof at 1 M leaves", "us of processor time", times[0]) { AtMost = 50 };
        yield return new Bar("Its verification", "us of processor time", times[1]) { AtMost = 30 };
        yield return new Bar("Consistency proof at 1 M leaves", "us of processor time", times[2]) { AtMost = 50 };
        yield return new Bar("Its verification, the older root included", "us of processor time", times[3]) { AtMost = 30 };
    }

    private static async Task<IEnumerable<Bar>> IngestAsync(int rounds)
    {
        (string Name, byte[] File, bool IsBar)[] kinds =
        [
            ("canonical lines", SampleLines.Canonical(Records), true),
            ("lines as Python writes them", SampleLines.Python(Records), true),
            ("Vietnamese lines", SampleLines.Accented(Records), false),
        ];
        List<double>[] rates = [.. kinds.Select(_ => new List<double>())];
        List<double>[] perCore = [.. kinds.Select(_ => new List<double>())];
        List<double>[] shares = [.. kinds.Select(_ => new List<double>())];
        byte[] hash = new byte[32];
        for (int round = -1; round < rounds; round++)
        {
            for (int kind = 0; kind < kinds.Length; kind++)
            {
                byte[] file = kinds[kind].File;
                double plain = Milliseconds(() => SHA256.HashData(file, hash));
                TimeSpan processor = Environment.CpuUsage.TotalTime;
                Stopwatch clock = Stopwatch.StartNew();
                await IngestAsync(file).ConfigureAwait(false);
                double spent = clock.Elapsed.TotalMilliseconds;
                double busy = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds;
                if (round >= 0)
                {
                    rates[kind].Add(file.Length / spent / 1e3);
                    perCore[kind].Add(2 * file.Length / busy / 1e3);
                    shares[kind].Add(spent / plain);
                }
            }
        }

        return kinds.SelectMany((kind, i) => (Bar[])
        [
            new Bar($"Ingest with exact deduplication, {kind.Name}", "MB/s", rates[i]) { AtLeast = kind.IsBar ? 100 : null },
            new Bar("The same per two seconds of processor time: two free cores", "MB/s", perCore[i]) { AtLeast = kind.IsBar ? 100 : null },
            new Bar("Its time, as a multiple of one SHA-256 over the file", "x", shares[i]),
        ]);
    }

    private static async Task IngestAsync(byte[] file)
    {
        HashSet<Sha256Digest> seen = [];
        using MemoryStream stream = new(file);
        await foreach (IngestedRecord record in RecordIngest.ReadAsync(
            stream, "lines", new RecordIngestOptions { Schema = SampleLines.Schema, MaxThreads = 2 }).ConfigureAwait(false))
        {
            Require(record.Faults.Count == 0 && seen.Add(record.NormalizedDigest));
        }

        Require(seen.Count == Records);
    }

    private static async Task<IEnumerable<Bar>> DurableAsync(int rounds)
    {
        byte[] file = SampleLines.Canonical(DurableRecords);
        List<double> rates = [];
        for (int round = -1; round < rounds; round++)
        {
            string folder = Directory.CreateTempSubdirectory("openledger-bars").FullName;
            try
            {
                Stopwatch clock = Stopwatch.StartNew();
                await StoreAsync(file, Path.Combine(folder, "bar.db")).ConfigureAwait(false);
                if (round >= 0)
                {
                    rates.Add(file.Length / clock.Elapsed.TotalMilliseconds / 1e3);
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return [new Bar("Lines to a durable SQLite file, contributions of 1,000 records, one version", "MB/s", rates) { AtLeast = 20 }];
    }

    private static async Task StoreAsync(byte[] file, string path)
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        Datanet datanet = Datanet.Create("bar", AnyVerifier.Contributor, SampleLines.Schema, new DatanetOptions { Store = store, Verifier = new AnyVerifier() });
        List<DatanetRecord> records = [];
        using MemoryStream stream = new(file);
        await foreach (IngestedRecord record in RecordIngest.ReadAsync(stream, "lines").ConfigureAwait(false))
        {
            records.Add(record.Record);
            if (records.Count == RecordsPerContribution)
            {
                Submit(datanet, records);
                records = [];
            }
        }

        Require(datanet.Commit("bar").TreeSize == DurableRecords);
    }

    internal static void Submit(Datanet datanet, List<DatanetRecord> records)
    {
        ContributionDraft draft = new()
        {
            DatanetId = datanet.Id,
            Records = records,
            Licence = "CC0-1.0",
            Consent = ConsentTerms.Training,
            Provenance = "",
        };
        ContributionResult result = datanet.Submit(Contribution.Receive(draft, AnyVerifier.Contributor, [1]));
        Require(result.Outcomes.All(outcome => outcome.IsAccepted));
    }

    internal static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("The measured code did not do what was to be measured.");
        }
    }

    private static byte[] NodeInputs(Sha256Digest[] leaves)
    {
        byte[] inputs = new byte[NodeLength * (Leaves - 1)];
        Sha256Digest[] row = leaves;
        int next = 0;
        while (row.Length > 1)
        {
            Sha256Digest[] parents = new Sha256Digest[row.Length / 2];
            for (int i = 0; i < parents.Length; i++)
            {
                Span<byte> input = inputs.AsSpan(NodeLength * next++, NodeLength);
                input[0] = 1;
                row[2 * i].CopyTo(input[1..]);
                row[(2 * i) + 1].CopyTo(input[33..]);
                parents[i] = Sha256Digest.Of(input);
            }

            row = parents;
        }

        return inputs;
    }

    private static void HashEach(ReadOnlySpan<byte> inputs)
    {
        Span<byte> hash = stackalloc byte[Sha256Digest.Length];
        for (; !inputs.IsEmpty; inputs = inputs[NodeLength..])
        {
            SHA256.HashData(inputs[..NodeLength], hash);
        }
    }

    private static void AppendEach(Sha256Digest[] leaves)
    {
        TransparencyTree tree = new();
        foreach (Sha256Digest leaf in leaves)
        {
            tree.AppendHash(leaf);
        }
    }

    private static void OnTwoThreads(Action action)
    {
        Thread other = new(() => action());
        other.Start();
        action();
        other.Join();
    }

    private static (double Clock, double Processor) ClockAndProcessor(Action action)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        double clock = Milliseconds(action);
        return (clock, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
    }

    private static double Processor(Action action) => ClockAndProcessor(action).Processor;

    private static double Milliseconds(Action action)
    {
        Stopwatch clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalMilliseconds;
    }
}
