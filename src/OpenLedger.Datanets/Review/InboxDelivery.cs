using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Review;

/// <summary>Lets reviewed records through: what a review takes becomes part of the main branch, from the branch that contributions arrive on.</summary>
/// <remarks>
/// A record that the main branch holds already, also one in another spelling, is left as it is, so that delivering twice changes nothing.
/// A correction is expected on the inbox too: submit it with <see cref="Datanet.Replace"/>. Rejected records stay on the inbox; remove or
/// erase them there. Safe for concurrent use.
/// </remarks>
public sealed class InboxDelivery : IReviewOutcome
{
    private readonly Datanet _datanet;
    private readonly string _inbox;
    private readonly string _target;
    private readonly Lock _gate = new();
    private readonly List<RecordDigest> _missing = [];

    /// <summary>Creates a delivery.</summary>
    /// <param name="datanet">The datanet.</param>
    /// <param name="inbox">The branch that contributions are submitted to.</param>
    /// <param name="target">The branch that versions are made of.</param>
    /// <exception cref="ArgumentException">A name is not that of a branch, or both are the same.</exception>
    public InboxDelivery(Datanet datanet, string inbox, string target = BranchName.Main)
    {
        ArgumentNullException.ThrowIfNull(datanet);
        foreach (string name in new[] { inbox, target })
        {
            if (!BranchName.IsValid(name))
            {
                throw new ArgumentException($"'{name}' is not the name of a branch: 1 to {BranchName.MaxLength} lower-case letters, digits and inner hyphens.", nameof(inbox));
            }
        }

        if (inbox == target)
        {
            throw new ArgumentException($"Inbox and target are both '{inbox}'; a review in between needs two branches.", nameof(target));
        }

        _datanet = datanet;
        _inbox = inbox;
        _target = target;
    }

    /// <summary>Records that a review took but that were not on the inbox any more when they were delivered: removed or erased since.</summary>
    public IReadOnlyList<RecordDigest> Missing
    {
        get
        {
            lock (_gate)
            {
                return [.. _missing];
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public void Deliver(IReadOnlyList<ReviewOutcome> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        RecordDigest[] taken = [.. outcomes.Select(outcome => outcome.Taken).OfType<RecordDigest>().Distinct()];
        foreach (RecordDigest record in taken)
        {
            try
            {
                _datanet.Include([record], _inbox, _target);
            }
            catch (DatanetException exception) when (exception.Error is DatanetError.RecordNotFound or DatanetError.RecordErased)
            {
                // One record that is gone must not hold up the others for ever.
                lock (_gate)
                {
                    _missing.Add(record);
                }
            }
        }
    }
}
