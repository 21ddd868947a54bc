using System.Diagnostics;
using System.Globalization;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Versions;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Storage;

/// <summary>Kills a writing process at random moments and looks at what it left. <c>OPENLEDGER_CRASH_ROUNDS</c> says how often; the default is 20.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_AfterKills_FindsEverythingAcknowledgedAndNothingHalf()
    {
        int rounds = int.Parse(Environment.GetEnvironmentVariable("OPENLEDGER_CRASH_ROUNDS") ?? "20", CultureInfo.InvariantCulture);
        string path = _folder.File("facts.db");
        Random random = new(29);
        HashSet<(int Round, int Batch)> given = [];
        HashSet<string> erasing = [];
        HashSet<string> erased = [];
        Dictionary<int, (string Id, long Records)> versions = [];
        for (int round = 0; round < rounds; round++)
        {
            foreach (string line in WriteUntilKilled(path, round, random.Next(1, 40), random.Next(0, 40)))
            {
                string[] words = line.Split(' ');
                switch (words[0])
                {
                    case "given":
                        given.Add((Number(words[1]), Number(words[2])));
                        break;
                    case "version":
                        versions.Add(Number(words[1]), (words[2], Number(words[3])));
                        break;
                    case "erasing":
                        erasing.Add(words[1]);
                        break;
                    case "erased":
                        erased.Add(words[1]);
                        break;
                }
            }

            // Everything at the end and now and then; in between what this round gave, since checking all each time takes quadratic time.
            bool isAll = round % 20 == 19 || round == rounds - 1;
            int current = round;
            Check(path, [.. given.Where(batch => isAll || batch.Round == current)], erasing, erased, versions, isAll);
        }

        Assert.True(given.Count > rounds && versions.Count > rounds && erased.Count > 0, $"only {given.Count} batches, {versions.Count} versions, {erased.Count} erased");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{rounds} kills: {given.Count} contributions, {versions.Count} versions and {erased.Count} erasures acknowledged; all there");
    }

    private static void Check(
        string path,
        List<(int Round, int Batch)> given,
        HashSet<string> erasing,
        HashSet<string> erased,
        Dictionary<int, (string Id, long Records)> versions,
        bool isAll)
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        Datanet datanet = Datanet.Open("facts", DatanetTests.Options(store, TimeProvider.System));
        foreach ((int round, int batch) in given)
        {
            for (int i = 0; i < CrashWriter.BatchSize; i++)
            {
                RecordDigest digest = DatanetRecord.Parse($$"""{"text":"{{CrashWriter.TextOf(round, batch, i)}}"}""").Digest;
                try
                {
                    datanet.GetRecord(digest);
                    Assert.DoesNotContain(digest.ToString(), erased); // erased stays erased
                }
                catch (DatanetException exception) when (exception.Error == DatanetError.RecordErased)
                {
                    Assert.Contains(digest.ToString(), erasing);
                }
            }
        }

        IReadOnlyList<DatanetVersion> stored = datanet.Versions();
        Assert.All(versions, known => Assert.Equal((known.Value.Id, known.Value.Records), (stored[known.Key - 1].Id.ToString(), stored[known.Key - 1].RecordCount)));
        if (stored.Count > 0)
        {
            // One root for the whole log, and every tenth version record by record: reading checks payloads, leaves and roots.
            DatanetVersion last = stored[^1];
            Assert.Equal(last.TreeSize, datanet.Steps(last).LongCount());
            foreach (DatanetVersion version in stored.Where(version => isAll && version.Number % 10 == 0).Append(last))
            {
                long gone = datanet.Erasures(version).Count(tombstone => tombstone.StepIndex >= version.TreeSize);
                Assert.Equal(version.RecordCount - gone, datanet.Records(version).LongCount());
                Assert.True(datanet.ProveConsistency(version, last).Verify(version.Root, last.Root));
            }
        }

        // No half contribution: additions come in whole batches.
        long[] sizes = [.. store.Read(reader => reader.ReadSteps("facts", 0, int.MaxValue))
            .Where(step => step.Kind == StepKind.Add).GroupBy(step => step.Contribution).Select(group => group.LongCount())];
        Assert.All(sizes, size => Assert.Equal(CrashWriter.BatchSize, size));
    }

    private static List<string> WriteUntilKilled(string path, int round, int steps, int milliseconds)
    {
        // The process is this test program; its module initialiser sees the variables and writes.
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(typeof(CrashTests).Assembly.Location);
        }

        start.Environment[CrashWriter.PathVariable] = path;
        start.Environment[CrashWriter.SeedVariable] = round.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        List<string> lines = [];
        using CancellationTokenSource killer = new();
        using CancellationTokenRegistration kill = killer.Token.Register(process.Kill);
        while (process.StandardOutput.ReadLine() is string line)
        {
            lines.Add(line);
            if (lines.Count == steps)
            {
                killer.CancelAfter(milliseconds); // some steps, then some time: on a slow machine time alone would kill nothing but beginnings
            }
        }

        process.WaitForExit();
        Assert.NotEqual(0, process.ExitCode); // killed, not finished
        Assert.NotEmpty(lines);
        return lines;
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
