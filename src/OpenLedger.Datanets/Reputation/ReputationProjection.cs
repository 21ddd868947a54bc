using OpenLedger.Datanets.Bounties;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Review;

namespace OpenLedger.Datanets.Reputation;

/// <summary>What reputation is computed from: the reviews, and the bonds that were slashed. No number is kept.</summary>
internal sealed class ReputationProjection : JournalProjection
{
    private readonly ReviewProjection _reviews = new();
    private readonly List<(ContributorId Contributor, DateTimeOffset At)> _slashes = [];

    public IEnumerable<ReviewCase> Cases => _reviews.Cases;

    public IReadOnlyList<(ContributorId Contributor, DateTimeOffset At)> Slashes => _slashes;

    protected override void Apply(JournalEvent journalEvent)
    {
        _reviews.Take(journalEvent);
        if (journalEvent.Kind == BountyEvents.BondSlashed)
        {
            _slashes.Add((new EventBody(journalEvent).Contributor("contributor"), journalEvent.Time));
        }
    }
}
