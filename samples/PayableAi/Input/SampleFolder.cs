namespace PayableAi.Input;

/// <summary>Where things lie: what ships beside the program, and what a run writes under <c>--out</c>.</summary>
internal sealed class SampleFolder(string outFolder)
{
    public static string BaseModel => Path.Combine(AppContext.BaseDirectory, "base-model");

    public static string OwnData => Path.Combine(AppContext.BaseDirectory, "data");

    public string Root => outFolder;

    public string Adapter => Path.Combine(outFolder, "adapter");

    public string Datanets => Path.Combine(outFolder, "datanets.db");

    public string Ledger => Path.Combine(outFolder, "ledger.db");

    public string Settlement => Path.Combine(outFolder, "settlement");

    public string Result => Path.Combine(outFolder, "result.json");

    public string Report => Path.Combine(outFolder, "report.html");

    /// <summary>Refuses a ledger that lies where <see cref="Clear"/> removes files.</summary>
    public void RequireOutside(string ledger)
    {
        string path = Path.GetFullPath(ledger), root = Path.GetFullPath(outFolder);
        if (path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new BadInputException($"{ledger}: lies in the folder --out, which each run clears; keep the ledger elsewhere");
        }
    }

    /// <summary>Removes what an earlier run left, so that a folder never mixes two runs. A ledger given by --ledger is not touched.</summary>
    public void Clear()
    {
        Directory.CreateDirectory(outFolder);
        foreach (string file in new[] { Datanets, Ledger }.SelectMany(f => new[] { f, f + "-wal", f + "-shm", f + "-journal" }).Append(Result).Append(Report))
        {
            File.Delete(file);
        }

        foreach (string folder in new[] { Adapter, Settlement }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
