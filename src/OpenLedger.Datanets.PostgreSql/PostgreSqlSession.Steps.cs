using Npgsql;
using NpgsqlTypes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.PostgreSql;

// Logs and branches.
internal sealed partial class PostgreSqlSession
{
    private const int CopyFrom = 12; // fewer records go out faster as one batch of statements than as four copies
    private const int MostWaiting = 20_000;

    private static readonly long EarliestUnixMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long LatestUnixMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private readonly HashSet<(long Datanet, Sha256Digest Digest)> _contributions = [];
    private readonly List<(long Datanet, StoredRecord Record)> _records = [];

    private string StepColumns =>
        "SELECT s.position, s.kind, s.branch, s.target, s.replacement, s.source, s.at_ms, s.digest, s.contribution, c.contributor "
        + $"FROM {_t}step s LEFT JOIN {_t}contribution c ON c.datanet = s.datanet AND c.digest = s.contribution ";

    public long CountSteps(string datanetId) => 1 + Number($"SELECT max(position) FROM {_t}step WHERE datanet = $1", -1, P(KeyOf(datanetId)));

    public IReadOnlyList<DatanetStep> ReadSteps(string datanetId, long position, int count)
    {
        List<DatanetStep> steps = Rows(
            StepColumns + "WHERE s.datanet = $1 AND s.position >= $2 ORDER BY s.position LIMIT $3",
            ReadStep, P(KeyOf(datanetId)), P(position), P((long)count));
        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i].Position != position + i)
            {
                throw Corrupt($"step {position + i} is missing");
            }
        }

        return steps;
    }

    public IReadOnlyList<long> FindRecord(string datanetId, RecordDigest digest) => Rows(
        $"SELECT position FROM {_t}step WHERE datanet = $1 AND digest = $2 AND kind = 1 ORDER BY position",
        row => row.Integer(0), P(KeyOf(datanetId)), P(digest.Value));

    public IReadOnlyList<DatanetStep> ReadForks(string datanetId) => Rows(
        StepColumns + "WHERE s.datanet = $1 AND s.kind = 5 ORDER BY s.position", ReadStep, P(KeyOf(datanetId)));

    public DatanetStep? FindChange(string datanetId, string branch, long target, long after, long before) => Single(
        StepColumns + "WHERE s.datanet = $1 AND s.kind >= 2 AND s.kind <= 4 AND s.branch = $2 AND s.target = $3 AND s.position > $4 AND s.position < $5 "
        + "ORDER BY s.position DESC LIMIT 1",
        ReadStep, P(KeyOf(datanetId)), P(branch), P(target), P(after), P(before));

    public long LastStep(string datanetId, string branch) =>
        Number($"SELECT position FROM {_t}branch_end WHERE datanet = $1 AND branch = $2", -1, P(KeyOf(datanetId)), P(branch));

    public void AppendStep(string datanetId, DatanetStep added)
    {
        ArgumentNullException.ThrowIfNull(added);
        long datanet = AddedKeyOf(datanetId);
        Change(
            $"INSERT INTO {_t}step (datanet, position, kind, branch, target, replacement, source, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            P(datanet), P(added.Position), P((long)added.Kind), P(added.Branch), P(added.Target),
            P(added.Kind == StepKind.Remove ? added.Replacement : null, NpgsqlDbType.Bigint),
            P(added.Kind == StepKind.Fork ? added.Source : null, NpgsqlDbType.Text),
            P(added.UnixMs));
        SetEnd(datanet, added.Branch, added.Position);
    }

    public void AppendRecords(string datanetId, IReadOnlyList<StoredRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        long datanet = AddedKeyOf(datanetId);
        foreach (StoredRecord record in records)
        {
            ThrowIfUnknown(datanet, record.Step.Contribution);
        }

        foreach (StoredRecord record in records)
        {
            _records.Add((datanet, record));
        }

        if (_records.Count >= MostWaiting)
        {
            FlushRecords();
        }
    }

    private void ThrowIfUnknown(long datanet, Sha256Digest contribution)
    {
        if (_contributions.Contains((datanet, contribution)))
        {
            return;
        }

        if (Number($"SELECT 1::bigint FROM {_t}contribution WHERE datanet = $1 AND digest = $2", 0, P(datanet), P(contribution)) == 0)
        {
            throw new InvalidOperationException($"The contribution {contribution} was not added before its records.");
        }

        _contributions.Add((datanet, contribution));
    }

    private void FlushRecords()
    {
        if (_records.Count == 0)
        {
            return;
        }

        (long Datanet, StoredRecord Record)[] records = [.. _records];
        _records.Clear();
        bool before = _hasFailed;
        _hasFailed = true; // until all are on their way
        if (records.Length < CopyFrom)
        {
            InsertRecords(records);
        }
        else
        {
            FlushQueue(); // what waits there came before these records
            CopyRecords(records);
        }

        foreach (IGrouping<(long Datanet, string Branch), (long Datanet, StoredRecord Record)> group in
                 records.GroupBy(record => (record.Datanet, record.Record.Step.Branch)))
        {
            SetEnd(group.Key.Datanet, group.Key.Branch, group.Last().Record.Step.Position);
        }

        _hasFailed = before;
    }

    private void InsertRecords((long Datanet, StoredRecord Record)[] records)
    {
        foreach ((long datanet, StoredRecord record) in records)
        {
            DatanetStep step = record.Step;
            Change(
                $"INSERT INTO {_t}step (datanet, position, kind, branch, target, at_ms, digest, contribution) VALUES ($1, $2, 1, $3, $2, $4, $5, $6)",
                P(datanet), P(step.Position), P(step.Branch), P(step.UnixMs), P(step.Record.Value), P(step.Contribution));
            Change($"INSERT INTO {_t}payload (datanet, position, content) VALUES ($1, $2, $3)", P(datanet), P(step.Position), P(record.Ciphertext));
            Change($"INSERT INTO {_t}secret (datanet, position, secret) VALUES ($1, $2, $3)", P(datanet), P(step.Position), P(record.Key));
            AddFingerprint(datanet, new StoredFingerprint(record.Fingerprint, step.Position));
        }
    }

    private void CopyRecords((long Datanet, StoredRecord Record)[] records)
    {
        Copy("step (datanet, position, kind, branch, target, at_ms, digest, contribution)", records, (row, datanet, record) =>
        {
            DatanetStep step = record.Step;
            row.Write(datanet, NpgsqlDbType.Bigint);
            row.Write(step.Position, NpgsqlDbType.Bigint);
            row.Write((long)StepKind.Add, NpgsqlDbType.Bigint);
            row.Write(step.Branch, NpgsqlDbType.Text);
            row.Write(step.Position, NpgsqlDbType.Bigint);
            row.Write(step.UnixMs, NpgsqlDbType.Bigint);
            row.Write(step.Record.Value.ToArray(), NpgsqlDbType.Bytea);
            row.Write(step.Contribution.ToArray(), NpgsqlDbType.Bytea);
        });
        Copy("payload (datanet, position, content)", records, (row, datanet, record) => WriteBytes(row, datanet, record.Step.Position, record.Ciphertext));
        Copy("secret (datanet, position, secret)", records, (row, datanet, record) => WriteBytes(row, datanet, record.Step.Position, record.Key));

        // In the order of the index, so that neighbours are written while their page is at hand.
        (long Datanet, StoredRecord Record)[] sorted =
            [.. records.OrderBy(record => record.Datanet).ThenBy(record => record.Record.Fingerprint).ThenBy(record => record.Record.Step.Position)];
        Copy("fingerprint (datanet, value, position)", sorted, (row, datanet, record) =>
        {
            row.Write(datanet, NpgsqlDbType.Bigint);
            row.Write(record.Fingerprint, NpgsqlDbType.Bigint);
            row.Write(record.Step.Position, NpgsqlDbType.Bigint);
        });

        static void WriteBytes(NpgsqlBinaryImporter row, long datanet, long position, ReadOnlyMemory<byte> bytes)
        {
            row.Write(datanet, NpgsqlDbType.Bigint);
            row.Write(position, NpgsqlDbType.Bigint);
            row.Write(bytes, NpgsqlDbType.Bytea);
        }
    }

    private void Copy(string target, (long Datanet, StoredRecord Record)[] records, Action<NpgsqlBinaryImporter, long, StoredRecord> write) => Do(() =>
    {
        using NpgsqlBinaryImporter importer = _connection.BeginBinaryImport($"COPY {_t}{target} FROM STDIN (FORMAT BINARY)");
        importer.Timeout = TimeSpan.FromSeconds(_place.CommandSeconds);
        foreach ((long datanet, StoredRecord record) in records)
        {
            importer.StartRow();
            write(importer, datanet, record);
        }

        return importer.Complete();
    });

    private void SetEnd(long datanet, string branch, long position) => Change(
        $"INSERT INTO {_t}branch_end (datanet, branch, position) VALUES ($1, $2, $3) "
        + "ON CONFLICT (datanet, branch) DO UPDATE SET position = excluded.position",
        P(datanet), P(branch), P(position));

    private DatanetStep ReadStep(PostgreSqlRow row)
    {
        long position = row.Integer(0);
        StepKind kind = (StepKind)Math.Clamp(row.Integer(1), 0, int.MaxValue);
        long atMs = row.Integer(6);
        if (position < 0 || atMs < EarliestUnixMs || atMs > LatestUnixMs || kind is < StepKind.Add or > StepKind.Fork)
        {
            throw Corrupt($"step {position} has the kind {row.Integer(1)} and the time {atMs}");
        }

        string branch = row.Text(2);
        if (kind == StepKind.Add)
        {
            return DatanetStep.Add(position, branch, atMs, row.Contributor(9), new RecordDigest(row.Digest(7)), row.Digest(8));
        }

        long target = row.Integer(3);
        if (target < 0 || target > position)
        {
            throw Corrupt($"step {position} points to step {target}");
        }

        return kind switch
        {
            StepKind.Include => DatanetStep.Include(position, branch, atMs, target),
            StepKind.Remove => DatanetStep.Remove(position, branch, atMs, target, row.IsNull(4) ? null : row.Integer(4)),
            StepKind.Erase => DatanetStep.Erase(position, atMs, target),
            _ => DatanetStep.Fork(position, branch, atMs, row.Text(5), target),
        };
    }
}
