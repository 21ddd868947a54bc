using OpenLedger.Attribution.Reports;
using OpenLedger.Attribution.Rewards;
using OpenLedger.Chain.Evm;

namespace OpenLedger.Hosting.Tests;

/// <summary>Knows the adapter "expert" with four records, of which three earn; rows 1 and 2 are one row of one contributor.</summary>
internal sealed class FakeAttribution : IAnswerAttribution
{
    private readonly AdapterProvenance _provenance = new()
    {
        AdapterName = "expert",
        AdapterHash = Bytes32.HashOf("expert's weights"),
        Origins = new Dictionary<string, RecordOrigin>
        {
            ["r1"] = new("harbour", Bytes32.HashOf("row A")),
            ["r2"] = new("harbour", Bytes32.HashOf("row A")),
            ["r3"] = new("people", Bytes32.HashOf("row B")),
            ["r4"] = new("people", Bytes32.HashOf("row C")),
        },
        Texts = new Dictionary<string, string> { ["r1"] = "text 1", ["r2"] = "text 2", ["r3"] = "text 3", ["r4"] = "text 4" },
    };

    public Exception? Fault { get; init; }

    public bool HelpsNobody { get; init; }

    public List<(string Question, string Answer)> Asked { get; } = [];

    public AdapterProvenance? Find(string adapterName) => adapterName == "expert" ? _provenance : null;

    public AttributionReport Attribute(AdapterProvenance provenance, string question, string answer, CancellationToken cancellationToken = default)
    {
        lock (Asked)
        {
            Asked.Add((question, answer));
        }

        if (Fault is not null)
        {
            throw Fault;
        }

        double sign = HelpsNobody ? -1 : 1;
        RecordInfluence[] influences =
        [
            new("r1", Accounts.Mira.Address.ToContributorId(), sign * 3),
            new("r2", Accounts.Mira.Address.ToContributorId(), sign * 2),
            new("r3", Accounts.Oskar.Address.ToContributorId(), sign * 1),
            new("r4", Accounts.Oskar.Address.ToContributorId(), -1),
        ];
        return AttributionReport.Create(question, answer, "fake", influences, RewardAllocation.Allocate(influences), []);
    }
}
