using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Review;

/// <summary>A record to be reviewed.</summary>
public sealed record ReviewRequest
{
    /// <summary>The record by digest.</summary>
    public required RecordDigest Record { get; init; }

    /// <summary>Who gave it; never asked to review it.</summary>
    public required ContributorId Contributor { get; init; }

    /// <summary>The contribution it came with.</summary>
    /// <value>Unknown. A bounty per contribution needs it.</value>
    public Sha256Digest? Contribution { get; init; }

    /// <summary>Higher is reviewed earlier.</summary>
    /// <value>0; -1,000 to 1,000.</value>
    public int Priority { get; init; }

    /// <summary>How many independent reviews it needs.</summary>
    /// <value>What the queue's options say; 1 to 100.</value>
    public int? Overlap { get; init; }

    internal void Validate(string parameterName)
    {
        if (Contributor == default)
        {
            throw new ArgumentException($"The request for {Record} names no contributor; the default id stands for nobody.", parameterName);
        }

        if (Priority is < -1000 or > 1000)
        {
            throw new ArgumentException($"The priority of {Record} is {Priority}; it must be from -1000 to 1000.", parameterName);
        }

        if (Overlap is < 1 or > ReviewQueueOptions.MaxOverlap)
        {
            throw new ArgumentException($"The overlap of {Record} is {Overlap}; it must be from 1 to {ReviewQueueOptions.MaxOverlap}.", parameterName);
        }
    }
}
