using System.Runtime.CompilerServices;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Tests.Versions;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Storage;

/// <summary>
/// What the process does that <see cref="CrashTests"/> kills: this same test program, told by an environment variable to write instead of test.
/// It says each step on its standard output once the store has acknowledged it.
/// </summary>
internal static class CrashWriter
{
    public const string PathVariable = "OPENLEDGER_CRASH_STORE";
    public const string SeedVariable = "OPENLEDGER_CRASH_SEED";
    public const int BatchSize = 20;

    private static readonly KeyedSigner Alice = new("alice");

    public static string TextOf(int round, int batch, int record) => $"round {round} batch {batch} record {record}";

    [ModuleInitializer]
    internal static void RunIfTold()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is string path
            && Environment.GetEnvironmentVariable(SeedVariable) is string seed)
        {
            Write(path, int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture));
            Environment.Exit(0);
        }
    }

    private static void Write(string path, int round)
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        Datanet datanet = Datanet.OpenOrCreate(
            "facts", Alice.Contributor, Schemas.DatanetSchemaTests.Facts, DatanetTests.Options(store, TimeProvider.System));
        Say("open");
        string work = $"work-{round}";
        datanet.CreateBranch(work, BranchName.Main);
        for (int batch = 0; ; batch++)
        {
            string branch = batch % 2 == 0 ? BranchName.Main : work;
            datanet.Submit(
                DatanetTests.Give(Alice, [.. Enumerable.Range(0, BatchSize).Select(i => TextOf(round, batch, i))]), branch);
            Say($"given {round} {batch}");
            DatanetVersion version = datanet.Commit("batch", branch, Alice.Contributor);
            Say($"version {version.Number} {version.Id} {version.RecordCount}");
            if (batch % 4 == 3)
            {
                MergeResult merged = datanet.Merge(work, BranchName.Main, new MergeOptions(), "merge", Alice.Contributor);
                Say($"version {merged.Version.Number} {merged.Version.Id} {merged.Version.RecordCount}");
                RecordDigest erased = DatanetRecord.Parse($$"""{"text":"{{TextOf(round, batch, 3)}}"}""").Digest;
                Say($"erasing {erased}"); // from here on it may be there or not
                datanet.Erase(erased, Alice.Contributor, ErasureReason.PersonRequest);
                Say($"erased {erased}");
            }
        }
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
