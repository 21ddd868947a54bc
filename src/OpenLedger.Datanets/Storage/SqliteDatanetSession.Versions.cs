using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Storage;

// Versions.
internal sealed partial class SqliteDatanetSession
{
    public StoredVersion? FindVersion(string datanetId, int number) => Statement(
            "SELECT number, id, branch, header, manifest FROM version WHERE datanet = ?1 AND number = ?2")
        .Bind(1, KeyOf(datanetId))
        .Bind(2, number)
        .Single(row => new StoredVersion(VersionNumber(row.Integer(0)), row.Digest(1), BranchName(row.Integer(2)), row.Blob(3), row.Blob(4)));

    public int FindVersionNumber(string datanetId, Sha256Digest id) => VersionNumber(
        Statement("SELECT number FROM version WHERE datanet = ?1 AND id = ?2").Bind(1, KeyOf(datanetId)).Bind(2, id).Number());

    public int LatestVersion(string datanetId) =>
        VersionNumber(Statement("SELECT max(number) FROM version WHERE datanet = ?1").Bind(1, KeyOf(datanetId)).Number());

    public int LatestVersion(string datanetId, string branch, int before)
    {
        long datanet = KeyOf(datanetId);
        long branchKey = BranchKey(datanet, branch, isNew: false);
        return VersionNumber(Statement("SELECT max(number) FROM version WHERE datanet = ?1 AND branch = ?2 AND number < ?3")
            .Bind(1, datanet)
            .Bind(2, branchKey)
            .Bind(3, before)
            .Number());
    }

    public void AddVersion(string datanetId, StoredVersion version)
    {
        long datanet = KeyOf(datanetId);
        Statement("INSERT INTO version (datanet, number, id, branch, header, manifest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .Bind(1, datanet)
            .Bind(2, version.Number)
            .Bind(3, version.Id)
            .Bind(4, BranchKey(datanet, version.Branch, isNew: true))
            .Bind(5, version.Header.Span)
            .Bind(6, version.Manifest.Span)
            .Execute();
    }

    private int VersionNumber(long number) =>
        number is >= 0 and <= int.MaxValue ? (int)number : throw Corrupt($"version number {number} is out of range");
}
