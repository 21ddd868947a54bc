using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Journal;

/// <summary>Steps that belong to the owner of the datanet.</summary>
internal static class OwnerOnly
{
    public static ContributorId OwnerOf(JournalDraft draft, string datanetId) => draft.Writer.FindDatanet(datanetId)?.Owner
        ?? throw new DatanetException(DatanetError.DatanetNotFound, $"The store holds no datanet '{datanetId}'; create it first.");

    public static void Demand(JournalDraft draft, string datanetId, ContributorId actor, string step)
    {
        ContributorId owner = OwnerOf(draft, datanetId);
        if (actor != owner)
        {
            throw new DatanetException(DatanetError.NotPermitted, $"{actor} may not {step}: only the owner of '{datanetId}', {owner}, may.");
        }
    }
}
