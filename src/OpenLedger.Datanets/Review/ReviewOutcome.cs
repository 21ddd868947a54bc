using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Review;

/// <summary>A final decision about a record. Immutable.</summary>
public sealed record ReviewOutcome
{
    /// <summary>The task.</summary>
    public required long TaskId { get; init; }

    /// <summary>The record that was judged.</summary>
    public required RecordDigest Record { get; init; }

    /// <summary>Who gave it.</summary>
    public required ContributorId Contributor { get; init; }

    /// <summary>The contribution it came with, where the queue was told.</summary>
    public Sha256Digest? Contribution { get; init; }

    /// <summary>What was decided.</summary>
    public required ReviewAnswer Answer { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>The record that goes into the datanet: the correction, the record itself, or <see langword="null"/> when it is rejected.</summary>
    public RecordDigest? Taken => Answer.Decision switch
    {
        ReviewDecision.Accept => Record,
        ReviewDecision.Fix => Answer.Replacement,
        _ => null,
    };
}
