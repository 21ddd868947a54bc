using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Reputation;

/// <summary>Says what an account has at stake. The chain package supplies an implementation; a constant one weighs everybody alike.</summary>
/// <remarks>Implementations must be safe for concurrent use and answer from memory.</remarks>
public interface IStakeSource
{
    /// <summary>The stake of an account in base units.</summary>
    /// <param name="contributor">The account.</param>
    UInt128 StakeOf(ContributorId contributor);
}
