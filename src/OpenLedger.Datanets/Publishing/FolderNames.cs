namespace OpenLedger.Datanets.Publishing;

/// <summary>Where things are in a published folder, specified in <c>docs/spec/datanet-folder.md</c>.</summary>
internal static class FolderNames
{
    public const string Card = "README.md";
    public const string Croissant = "croissant.json";
    public const string Data = "data";
    public const string Proofs = "openledger";
    public const string Version = "openledger/version.json";
    public const string Manifest = "openledger/manifest.json";
    public const string Schema = "openledger/schema.json";
    public const string Log = "openledger/log.txt";
    public const string Contributions = "openledger/contributions.jsonl";

    /// <summary>The member of a line of data that is not the record's own.</summary>
    public const string Member = "openledger";
}
