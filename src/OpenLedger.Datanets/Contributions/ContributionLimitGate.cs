using System.Buffers.Binary;
using System.Text;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Contributions;

/// <summary>Refuses records that would exceed the daily limits of their contributor or of the datanet.</summary>
/// <remarks>
/// Counters are items of the store, changed in the same transaction as the records they count; refused records count nothing. Those of a
/// contributor are kept under one datanet, so that a limit over all datanets holds when all their gates name the same one. Safe for
/// concurrent use.
/// </remarks>
public sealed class ContributionLimitGate : SubmissionGate
{
    private const string Collection = "contributions/day";
    private const int CounterLength = sizeof(int) + sizeof(long) + sizeof(int) + Sha256Digest.Length;
    private static readonly byte[] DatanetKey = "datanet"u8.ToArray();

    private readonly ContributionLimits _limits;
    private readonly string? _countersDatanet;

    /// <summary>Creates a gate.</summary>
    /// <param name="limits">The limits; the one of a single contribution is <see cref="DatanetOptions.MaxContributionBytes"/>.</param>
    /// <param name="countersDatanet">
    /// The datanet of the store under which contributors are counted; <see langword="null"/> counts in each datanet by itself.
    /// </param>
    /// <exception cref="ArgumentException">A limit is not legal.</exception>
    public ContributionLimitGate(ContributionLimits limits, string? countersDatanet = null)
    {
        ArgumentNullException.ThrowIfNull(limits);
        limits.Validate();
        _limits = limits with { MaxBytesPerContribution = null };
        _countersDatanet = countersDatanet;
    }

    /// <inheritdoc/>
    public override GateRefusal? Examine(GateSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        (DailyUsage usage, Sha256Digest last) = Read(submission);

        // The records of one contribution come one after the other; all but the first count bytes only.
        ContributionLimits limits = last == submission.Statement.Digest ? _limits with { MaxContributionsPerContributorAndDay = null } : _limits;
        return usage.Check(limits, submission.Record.Payload.Length, submission.Now) is [LimitHit hit, ..]
            ? new GateRefusal("daily_limit", $"The record exceeds a limit: {hit}.")
            : null;
    }

    /// <inheritdoc/>
    public override void Accepted(GateSubmission submission, long position)
    {
        ArgumentNullException.ThrowIfNull(submission);
        (DailyUsage before, Sha256Digest last) = Read(submission);
        DailyUsage after = before.Add(submission.Record.Payload.Length, submission.Now);
        if (last == submission.Statement.Digest && after.Day == before.Day)
        {
            after = after with { ContributorContributions = before.ContributorContributions };
        }

        Write(submission, CountersOf(submission), ContributorKey(submission), after.Day, after.ContributorBytes, after.ContributorContributions, submission.Statement.Digest);
        Write(submission, submission.DatanetId, DatanetKey, after.Day, after.DatanetBytes, 0, default);
    }

    private string CountersOf(GateSubmission submission) => _countersDatanet ?? submission.DatanetId;

    private static byte[] ContributorKey(GateSubmission submission) => Encoding.ASCII.GetBytes(submission.Statement.Contributor.ToString());

    private (DailyUsage Usage, Sha256Digest Last) Read(GateSubmission submission)
    {
        DateOnly today = DailyUsage.DayOf(submission.Now);
        (DateOnly contributorDay, long contributorBytes, int contributions, Sha256Digest last) =
            Read(submission.Writer, CountersOf(submission), ContributorKey(submission));
        (DateOnly datanetDay, long datanetBytes, _, _) = Read(submission.Writer, submission.DatanetId, DatanetKey);

        // Two counters, each with its own day; one later than the clock counts for today, see DailyUsage.
        return (
            new DailyUsage
            {
                Day = today,
                ContributorBytes = contributorDay >= today ? contributorBytes : 0,
                ContributorContributions = contributorDay >= today ? contributions : 0,
                DatanetBytes = datanetDay >= today ? datanetBytes : 0,
            },
            contributorDay >= today ? last : default);
    }

    private static (DateOnly Day, long Bytes, int Contributions, Sha256Digest Last) Read(IDatanetReader reader, string datanetId, byte[] key)
    {
        if (reader.FindItem(datanetId, Collection, key) is not byte[] item)
        {
            return (DateOnly.MinValue, 0, 0, default);
        }

        int day = item.Length == CounterLength ? BinaryPrimitives.ReadInt32BigEndian(item) : -1;
        return day >= 0 && day <= DateOnly.MaxValue.DayNumber
            ? (DateOnly.FromDayNumber(day), BinaryPrimitives.ReadInt64BigEndian(item.AsSpan(4)), BinaryPrimitives.ReadInt32BigEndian(item.AsSpan(12)), new Sha256Digest(item.AsSpan(16)))
            : throw new DatanetException(DatanetError.StoreCorrupt, $"A counter of '{datanetId}' cannot be read; restore the store from a copy.");
    }

    private static void Write(
        GateSubmission submission, string datanetId, byte[] key, DateOnly day, long bytes, int contributions, Sha256Digest last)
    {
        byte[] item = new byte[CounterLength];
        BinaryPrimitives.WriteInt32BigEndian(item, day.DayNumber);
        BinaryPrimitives.WriteInt64BigEndian(item.AsSpan(4), bytes);
        BinaryPrimitives.WriteInt32BigEndian(item.AsSpan(12), contributions);
        last.CopyTo(item.AsSpan(16));
        submission.Writer.PutItem(datanetId, Collection, key, item);
    }
}
