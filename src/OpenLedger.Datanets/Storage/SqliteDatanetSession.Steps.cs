using System.Buffers.Binary;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Storage;

// Logs and branches.
internal sealed partial class SqliteDatanetSession
{
    private const string StepColumns =
        "SELECT s.key, s.kind, s.branch, s.target, s.source, s.at_ms, s.digest, c.digest, c.contributor FROM step s "
        + "LEFT JOIN contribution c ON c.key = s.contribution ";

    private static readonly long EarliestUnixMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long LatestUnixMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private Sha256Digest _lastContribution;
    private ContributorId _lastContributor;

    public long CountSteps(string datanetId)
    {
        long first = KeyOf(datanetId) << PositionBits;
        return first < 0
            ? 0
            : 1 + Statement("SELECT max(key) - ?1 FROM step WHERE key BETWEEN ?1 AND ?2").Bind(1, first).Bind(2, first + MaxPosition).Number(-1);
    }

    public IReadOnlyList<DatanetStep> ReadSteps(string datanetId, long position, int count)
    {
        long first = KeyOf(datanetId) << PositionBits;
        if (first < 0)
        {
            return [];
        }

        List<DatanetStep> steps = Statement(StepColumns + "WHERE s.key BETWEEN ?1 AND ?2 ORDER BY s.key LIMIT ?3")
            .Bind(1, first + position)
            .Bind(2, first + MaxPosition)
            .Bind(3, count)
            .Rows(ReadStep);
        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i].Position != position + i)
            {
                throw Corrupt($"step {position + i} is missing");
            }
        }

        return steps;
    }

    public IReadOnlyList<long> FindRecord(string datanetId, RecordDigest digest)
    {
        long datanet = KeyOf(datanetId);
        List<(long Position, bool IsIt)> found = Statement(
                "SELECT i.position, s.digest FROM record_index i JOIN step s ON s.key = (i.datanet << 40) + i.position "
                + "WHERE i.datanet = ?1 AND i.prefix = ?2 ORDER BY i.position")
            .Bind(1, datanet)
            .Bind(2, PrefixOf(digest))
            .Rows(row => (row.Integer(0), row.Digest(1) == digest.Value));
        return [.. found.Where(candidate => candidate.IsIt).Select(candidate => candidate.Position)];
    }

    public IReadOnlyList<DatanetStep> ReadForks(string datanetId)
    {
        long first = KeyOf(datanetId) << PositionBits;
        return first < 0
            ? []
            : Statement(StepColumns + "WHERE s.kind = 5 AND s.key BETWEEN ?1 AND ?2 ORDER BY s.key")
                .Bind(1, first)
                .Bind(2, first + MaxPosition)
                .Rows(ReadStep);
    }

    public DatanetStep? FindChange(string datanetId, string branch, long target, long after, long before)
    {
        long datanet = KeyOf(datanetId);
        long branchKey = BranchKey(datanet, branch, isNew: false);
        return datanet < 0 || branchKey < 0
            ? null
            : Statement(
                    StepColumns + "WHERE s.kind BETWEEN 2 AND 4 AND s.branch = ?1 AND s.target = ?2 AND s.key > ?3 AND s.key < ?4 "
                    + "ORDER BY s.key DESC LIMIT 1")
                .Bind(1, branchKey)
                .Bind(2, target)
                .Bind(3, (datanet << PositionBits) + after)
                .Bind(4, (datanet << PositionBits) + Math.Min(before, MaxPosition))
                .Single(ReadStep);
    }

    public long LastStep(string datanetId, string branch)
    {
        long datanet = KeyOf(datanetId);
        long branchKey = BranchKey(datanet, branch, isNew: false);
        return datanet < 0 || branchKey < 0
            ? -1
            : Statement("SELECT position FROM branch_end WHERE datanet = ?1 AND branch = ?2").Bind(1, datanet).Bind(2, branchKey).Number(-1);
    }

    public void AppendStep(string datanetId, DatanetStep added)
    {
        long datanet = KeyOf(datanetId);
        long branch = BranchKey(datanet, added.Branch, isNew: true);
        SqliteStatement insert = Statement(
            "INSERT INTO step (key, kind, branch, target, source, at_ms, digest, contribution) VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL)")
            .Bind(1, StepKey(datanet, added.Position))
            .Bind(2, (long)added.Kind)
            .Bind(3, branch)
            .Bind(4, added.Target)
            .Bind(6, added.UnixMs);
        (added.Kind switch
        {
            StepKind.Fork => insert.Bind(5, BranchKey(datanet, added.Source, isNew: true)),
            StepKind.Remove when added.Replacement is long replacement => insert.Bind(5, replacement),
            _ => insert.BindNull(5),
        }).Execute();
        SetEnd(datanet, branch, added.Position);
    }

    public void AppendRecords(string datanetId, IReadOnlyList<StoredRecord> records)
    {
        long datanet = KeyOf(datanetId);
        SqliteStatement payload = Statement("INSERT INTO payload (key, content) VALUES (?1, ?2)");
        SqliteStatement secret = Statement("INSERT INTO secret (key, secret) VALUES (?1, ?2)");
        SqliteStatement step = Statement(
            "INSERT INTO step (key, kind, branch, target, source, at_ms, digest, contribution) VALUES (?1, 1, ?2, ?3, NULL, ?4, ?5, ?6)");
        SqliteStatement findContribution = Statement("SELECT key FROM contribution WHERE datanet = ?1 AND digest = ?2");
        long key = Statement("SELECT max(key) FROM payload").Number();
        Sha256Digest contribution = default;
        long contributionKey = -1;
        string branch = "";
        long branchKey = -1;
        foreach (StoredRecord record in records)
        {
            if (contributionKey < 0 || record.Step.Contribution != contribution)
            {
                contribution = record.Step.Contribution;
                contributionKey = findContribution.Bind(1, datanet).Bind(2, contribution).Number(-1);
                if (contributionKey < 0)
                {
                    throw new InvalidOperationException($"The contribution {contribution} was not added before its records.");
                }
            }

            if (branchKey < 0 || record.Step.Branch != branch)
            {
                branch = record.Step.Branch;
                branchKey = BranchKey(datanet, branch, isNew: true);
            }

            payload.Bind(1, ++key).Bind(2, record.Ciphertext.Span).Execute();
            secret.Bind(1, key).Bind(2, record.Key.Span).Execute();
            step.Bind(1, StepKey(datanet, record.Step.Position)).Bind(2, branchKey).Bind(3, key).Bind(4, record.Step.UnixMs)
                .Bind(5, record.Step.Record.Value).Bind(6, contributionKey).Execute();
        }

        // In the order of the index, so that neighbours are written while their page is at hand.
        InsertSorted("INSERT INTO record_index (datanet, prefix, position) VALUES (?1, ?2, ?3)", datanet, records, record => PrefixOf(record.Step.Record));
        InsertSorted("INSERT INTO fingerprint (datanet, value, position) VALUES (?1, ?2, ?3)", datanet, records, record => record.Fingerprint);

        foreach (IGrouping<string, StoredRecord> group in records.GroupBy(record => record.Step.Branch))
        {
            SetEnd(datanet, BranchKey(datanet, group.Key, isNew: true), group.Last().Step.Position);
        }
    }

    private void InsertSorted(string sql, long datanet, IReadOnlyList<StoredRecord> records, Func<StoredRecord, long> valueOf)
    {
        (long Value, long Position)[] rows = [.. records.Select(record => (valueOf(record), record.Step.Position))];
        Array.Sort(rows);
        SqliteStatement insert = Statement(sql).Bind(1, datanet);
        foreach ((long value, long position) in rows)
        {
            insert.Bind(2, value).Bind(3, position).Execute();
        }
    }

    private void SetEnd(long datanet, long branch, long position) => Statement(
            "INSERT INTO branch_end (datanet, branch, position) VALUES (?1, ?2, ?3) ON CONFLICT (datanet, branch) DO UPDATE SET position = excluded.position")
        .Bind(1, datanet)
        .Bind(2, branch)
        .Bind(3, position)
        .Execute();

    /// <summary>The integer that stands for a branch; 0 for the empty name, -1 when there is none of that name.</summary>
    private long BranchKey(long datanet, string branch, bool isNew)
    {
        if (branch.Length == 0)
        {
            return 0;
        }

        if (!_branches.TryGetValue((datanet, branch), out long key))
        {
            if (isNew)
            {
                Statement("INSERT INTO branch (datanet, name) VALUES (?1, ?2) ON CONFLICT (datanet, name) DO NOTHING").Bind(1, datanet).Bind(2, branch).Execute();
            }

            key = Statement("SELECT key FROM branch WHERE datanet = ?1 AND name = ?2").Bind(1, datanet).Bind(2, branch).Number(-1);
            if (key < 0)
            {
                return -1;
            }

            _branches.Add((datanet, branch), key);
        }

        return key;
    }

    private string BranchName(long key)
    {
        if (key == 0)
        {
            return "";
        }

        if (!_branchNames.TryGetValue(key, out string? name))
        {
            name = Statement("SELECT name FROM branch WHERE key = ?1").Bind(1, key).Single(row => row.Text(0)) ?? throw Corrupt($"branch {key} is missing");
            _branchNames.Add(key, name);
        }

        return name;
    }

    private DatanetStep ReadStep(SqliteStatement row)
    {
        long position = row.Integer(0) & MaxPosition;
        StepKind kind = (StepKind)row.Integer(1);
        long atMs = row.Integer(5);
        if (atMs < EarliestUnixMs || atMs > LatestUnixMs || kind is < StepKind.Add or > StepKind.Fork)
        {
            throw Corrupt($"step {position} has the kind {(long)kind} and the time {atMs}");
        }

        string branch = BranchName(row.Integer(2));
        if (kind == StepKind.Add)
        {
            Sha256Digest contribution = row.Digest(7);
            if (contribution != _lastContribution || _lastContributor == default)
            {
                _lastContributor = row.Contributor(8);
                _lastContribution = contribution;
            }

            return DatanetStep.Add(position, branch, atMs, _lastContributor, new RecordDigest(row.Digest(6)), contribution);
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
            _ => DatanetStep.Fork(position, branch, atMs, BranchName(row.Integer(4)), target),
        };
    }

    private static long StepKey(long datanet, long position) => position is >= 0 and <= MaxPosition
        ? (datanet << PositionBits) | position
        : throw new DatanetException(DatanetError.LimitExceeded, $"A log holds at most {MaxPosition} steps.");

    private static long PrefixOf(RecordDigest digest)
    {
        Span<byte> bytes = stackalloc byte[Sha256Digest.Length];
        digest.CopyTo(bytes);
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }
}
