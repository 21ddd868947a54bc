using Npgsql;
using NpgsqlTypes;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.PostgreSql;

// Payloads, their keys and fingerprints.
internal sealed partial class PostgreSqlSession
{
    private const int KeyLength = 32;
    private const int MostPositions = 1_000; // per statement

    public IReadOnlyList<StoredPayload> ReadPayloads(string datanetId, IReadOnlyList<long> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        long datanet = KeyOf(datanetId);
        Dictionary<long, StoredPayload> found = [];
        foreach (long[] chunk in positions.Distinct().Chunk(MostPositions))
        {
            foreach (StoredPayload payload in ReadPayloads(datanet, chunk))
            {
                found.Add(payload.Step.Position, payload);
            }
        }

        return [.. positions.Select(position => found.GetValueOrDefault(position) ?? throw Corrupt($"record {position} is missing, or its payload is"))];
    }

    public IReadOnlyList<StoredFingerprint> ReadFingerprints(string datanetId, long least, long greatest) => Rows(
        $"SELECT value, position FROM {_t}fingerprint WHERE datanet = $1 AND value >= $2 AND value <= $3 ORDER BY value, position",
        row => new StoredFingerprint(row.Integer(0), row.Integer(1)), P(KeyOf(datanetId)), P(least), P(greatest));

    public IReadOnlyList<byte[]> ReadFingerprintKeys(string datanetId) => Rows(
        $"SELECT secret FROM {_t}fingerprint_key WHERE datanet = $1 ORDER BY bucket",
        row => row.Blob(0) is { Length: KeyLength } key ? key : throw Corrupt("a fingerprint key has another length"),
        P(KeyOf(datanetId)));

    // An update leaves the old row in the table's file until the table is rewritten: that it must be is kept in the same transaction.
    public void DestroyPayload(string datanetId, long position)
    {
        long datanet = AddedKeyOf(datanetId);
        Change(
            $"WITH gone AS (UPDATE {_t}secret SET secret = $3 WHERE datanet = $1 AND position = $2 AND secret <> $3 RETURNING 1) "
            + PendingIfGone("secret"),
            P(datanet), P(position), P(new byte[KeyLength].AsMemory()));
        Change($"UPDATE {_t}payload SET content = '' WHERE datanet = $1 AND position = $2", P(datanet), P(position));
    }

    public void ReplaceFingerprints(
        string datanetId, int bucket, ReadOnlyMemory<byte> key, long least, long greatest, IReadOnlyList<StoredFingerprint> fingerprints)
    {
        ArgumentNullException.ThrowIfNull(fingerprints);
        long datanet = AddedKeyOf(datanetId);
        Change(
            $"WITH gone AS (UPDATE {_t}fingerprint_key SET secret = $3 WHERE datanet = $1 AND bucket = $2 RETURNING 1) " + PendingIfGone("fingerprint_key"),
            P(datanet), P((long)bucket), P(key));
        Change($"DELETE FROM {_t}fingerprint WHERE datanet = $1 AND value >= $2 AND value <= $3", P(datanet), P(least), P(greatest));
        foreach (StoredFingerprint fingerprint in fingerprints)
        {
            AddFingerprint(datanet, fingerprint);
        }
    }

    private void AddFingerprint(long datanet, StoredFingerprint fingerprint) => Change(
        $"INSERT INTO {_t}fingerprint (datanet, value, position) VALUES ($1, $2, $3)", P(datanet), P(fingerprint.Value), P(fingerprint.Position));

    private string PendingIfGone(string table) =>
        $"INSERT INTO {_t}pending_purge (name, generation) SELECT '{table}', 1 WHERE EXISTS (SELECT 1 FROM gone) "
        + "ON CONFLICT (name) DO UPDATE SET generation = pending_purge.generation + 1";

    private List<StoredPayload> ReadPayloads(long datanet, long[] positions) => Rows(
        "SELECT x.*, p.content, k.secret FROM (" + StepColumns + "WHERE s.datanet = $1 AND s.position = ANY($2) AND s.kind = 1) x "
        + $"JOIN {_t}payload p ON p.datanet = $1 AND p.position = x.position JOIN {_t}secret k ON k.datanet = $1 AND k.position = x.position",
        row =>
        {
            DatanetStep step = ReadStep(row);
            byte[] key = row.Blob(11);
            if (key.Length != KeyLength)
            {
                throw Corrupt($"the key of record {step.Position} has another length");
            }

            return key.AsSpan().ContainsAnyExcept((byte)0)
                ? new StoredPayload(step, key, row.Blob(10))
                : new StoredPayload(step, ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty);
        },
        P(datanet),
        new NpgsqlParameter<long[]> { TypedValue = positions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
}
