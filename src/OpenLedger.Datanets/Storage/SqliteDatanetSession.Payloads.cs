using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Storage;

// Payloads, their keys and fingerprints.
internal sealed partial class SqliteDatanetSession
{
    private const int FingerprintKeyBits = 16;

    public IReadOnlyList<StoredPayload> ReadPayloads(string datanetId, IReadOnlyList<long> positions)
    {
        long datanet = KeyOf(datanetId);
        SqliteStatement findStep = Statement(StepColumns + "WHERE s.key = ?1");
        SqliteStatement findPayload = Statement(
            "SELECT p.content, k.secret FROM step s JOIN payload p ON p.key = s.target JOIN secret k ON k.key = s.target WHERE s.key = ?1");
        StoredPayload[] payloads = new StoredPayload[positions.Count];
        for (int i = 0; i < payloads.Length; i++)
        {
            long position = positions[i];
            DatanetStep? step = findStep.Bind(1, StepKey(datanet, position)).Single(ReadStep);
            if (step is null || step.Kind != StepKind.Add)
            {
                throw Corrupt($"record {position} is missing");
            }

            payloads[i] = findPayload.Bind(1, StepKey(datanet, position)).Single(row => ReadPayload(row, step))
                ?? throw Corrupt($"the payload of record {position} is missing");
        }

        return payloads;
    }

    public IReadOnlyList<StoredFingerprint> ReadFingerprints(string datanetId, long least, long greatest) => Statement(
            "SELECT value, position FROM fingerprint WHERE datanet = ?1 AND value BETWEEN ?2 AND ?3 ORDER BY value, position")
        .Bind(1, KeyOf(datanetId))
        .Bind(2, least)
        .Bind(3, greatest)
        .Rows(row => new StoredFingerprint(row.Integer(0), row.Integer(1)));

    public IReadOnlyList<byte[]> ReadFingerprintKeys(string datanetId)
    {
        long datanet = KeyOf(datanetId);
        return Statement("SELECT secret FROM fingerprint_key WHERE key BETWEEN ?1 AND ?2 ORDER BY key")
            .Bind(1, FingerprintKey(datanet, 0))
            .Bind(2, FingerprintKey(datanet + 1, 0) - 1)
            .Rows(row => row.Bytes(0).Length == RecordCipher.KeyLength ? row.Blob(0) : throw Corrupt("a fingerprint key has another length"));
    }

    // Updates in place, byte for byte: a row that were deleted or grew could leave copies where SQLite moved its neighbours.
    public void DestroyPayload(string datanetId, long position)
    {
        long payload = Statement("SELECT target FROM step WHERE key = ?1 AND kind = 1").Bind(1, StepKey(KeyOf(datanetId), position)).Number(-1);
        Statement("UPDATE secret SET secret = zeroblob(length(secret)) WHERE key = ?1").Bind(1, payload).Execute();
        Statement("UPDATE payload SET content = zeroblob(length(content)) WHERE key = ?1").Bind(1, payload).Execute();
    }

    public void ReplaceFingerprints(
        string datanetId, int bucket, ReadOnlyMemory<byte> key, long least, long greatest, IReadOnlyList<StoredFingerprint> fingerprints)
    {
        long datanet = KeyOf(datanetId);
        Statement("UPDATE fingerprint_key SET secret = ?2 WHERE key = ?1").Bind(1, FingerprintKey(datanet, bucket)).Bind(2, key.Span).Execute();
        Statement("DELETE FROM fingerprint WHERE datanet = ?1 AND value BETWEEN ?2 AND ?3").Bind(1, datanet).Bind(2, least).Bind(3, greatest).Execute();
        SqliteStatement insert = Statement("INSERT INTO fingerprint (datanet, value, position) VALUES (?1, ?2, ?3)");
        foreach (StoredFingerprint fingerprint in fingerprints)
        {
            insert.Bind(1, datanet).Bind(2, fingerprint.Value).Bind(3, fingerprint.Position).Execute();
        }
    }

    private StoredPayload ReadPayload(SqliteStatement row, DatanetStep step)
    {
        ReadOnlySpan<byte> key = row.Bytes(1);
        if (key.Length != RecordCipher.KeyLength)
        {
            throw Corrupt($"the key of record {step.Position} has another length");
        }

        return key.ContainsAnyExcept((byte)0)
            ? new StoredPayload(step, key.ToArray(), row.Blob(0))
            : new StoredPayload(step, ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty);
    }

    private static long FingerprintKey(long datanet, int bucket) => (datanet << FingerprintKeyBits) | (long)bucket;
}
