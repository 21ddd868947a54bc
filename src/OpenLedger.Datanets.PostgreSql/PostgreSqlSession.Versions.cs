using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.PostgreSql;

// Versions.
internal sealed partial class PostgreSqlSession
{
    public StoredVersion? FindVersion(string datanetId, int number) => Single(
        $"SELECT number, id, branch, header, manifest FROM {_t}version WHERE datanet = $1 AND number = $2",
        row => new StoredVersion(VersionNumber(row.Integer(0)), row.Digest(1), row.Text(2), row.Blob(3), row.Blob(4)),
        P(KeyOf(datanetId)), P((long)number));

    public int FindVersionNumber(string datanetId, Sha256Digest id) =>
        VersionNumber(Number($"SELECT number FROM {_t}version WHERE datanet = $1 AND id = $2", 0, P(KeyOf(datanetId)), P(id)));

    public int LatestVersion(string datanetId) =>
        VersionNumber(Number($"SELECT max(number) FROM {_t}version WHERE datanet = $1", 0, P(KeyOf(datanetId))));

    public int LatestVersion(string datanetId, string branch, int before) => VersionNumber(Number(
        $"SELECT max(number) FROM {_t}version WHERE datanet = $1 AND branch = $2 AND number < $3",
        0, P(KeyOf(datanetId)), P(branch), P((long)before)));

    public void AddVersion(string datanetId, StoredVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        Change(
            $"INSERT INTO {_t}version (datanet, number, id, branch, header, manifest) VALUES ($1, $2, $3, $4, $5, $6)",
            P(AddedKeyOf(datanetId)), P((long)version.Number), P(version.Id), P(version.Branch), P(version.Header), P(version.Manifest));
    }

    private int VersionNumber(long number) =>
        number is >= 0 and <= int.MaxValue ? (int)number : throw Corrupt($"version number {number} is out of range");
}
