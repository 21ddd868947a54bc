using System.Globalization;
using System.Text;
using OpenLedger.Chain.Evm;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Deduplication.Near;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Templates;
using OpenLedger.Datanets.Versions;

namespace DatanetSample;

/// <summary>The people, the store and the printed story that the steps share.</summary>
internal sealed class Stage : IDisposable
{
    public const string DatanetId = "ferry-support";
    public const string Inbox = "inbox";

    private static readonly string[] Names = ["Lotus Ferry", "Anna", "Binh", "Chi", "Mallory", "Dung", "Emma", "Trainer"];
    private readonly Dictionary<string, IContributionSigner> _signers;
    private int _checks;
    private int _failures;

    private Stage(string folder)
    {
        Folder = folder;
        Store = SqliteDatanetStore.OpenFile(Path.Combine(folder, "ferry.db"));

        // Keys from fixed seeds: the sample tells the same story each time. Never make real keys like this.
        _signers = Names.ToDictionary(
            name => name, IContributionSigner (name) => new EthereumContributionSigner(EthereumAccount.FromSeed(Encoding.UTF8.GetBytes("ferry sample: " + name))));
    }

    public string Folder { get; }

    public SqliteDatanetStore Store { get; }

    public SampleClock Clock { get; } = new();

    public IContributionVerifier Verifier { get; } = new EthereumContributionVerifier();

    public DatanetTemplate Template { get; } = DatanetTemplates.Support;

    public Datanet Datanet { get; set; } = null!;

    public DatanetJournal Journal { get; set; } = null!;

    public NearDuplicateGate NearDuplicates { get; set; } = null!;

    public IContributionSigner Signer(string name) => _signers[name];

    public ContributorId Account(string name) => _signers[name].Contributor;

    public string NameOf(ContributorId account) => Names.Single(name => Account(name) == account);

    public static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "data", file);

    public static Stage Open(string folder)
    {
        // Only what an earlier run of this sample left is removed; anything else in the folder stays.
        Directory.CreateDirectory(folder);
        foreach (string file in new[] { "ferry.db", "ferry.db-wal", "ferry.db-shm", "audit.jsonl", "support.parquet" })
        {
            File.Delete(Path.Combine(folder, file));
        }

        string published = Path.Combine(folder, "published");
        if (File.Exists(Path.Combine(published, "openledger", "version.json")))
        {
            Directory.Delete(published, recursive: true);
        }

        return new Stage(folder);
    }

    public static void Title(string text)
    {
        Console.WriteLine();
        Console.WriteLine($"== {text}");
    }

    public static void Say(string text) => Console.WriteLine($"   {text}");

    /// <summary>States something and whether it holds.</summary>
    public void Check(string claim, bool holds)
    {
        _checks++;
        _failures += holds ? 0 : 1;
        Console.WriteLine(holds ? $"   ok    {claim}" : $"   FAIL  {claim}");
    }

    public static string Short(object digest) => string.Create(CultureInfo.InvariantCulture, $"{digest.ToString()![..12]}…");

    public static string Quote(DatanetRecord record) => record.TryGetText("question", out string? question)
        ? $"\"{(question.Length > 60 ? question[..59] + "…" : question)}\""
        : Short(record.Digest);

    public int Finish()
    {
        Console.WriteLine();
        Console.WriteLine($"datanet: {_checks - _failures} of {_checks} checks passed: {Path.GetRelativePath(Environment.CurrentDirectory, Folder)}");
        return _failures == 0 ? 0 : 1;
    }

    public void Dispose() => Store.Dispose();
}
