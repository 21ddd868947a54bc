using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Access;

/// <summary>What an <see cref="AccessLedger"/> works with.</summary>
public sealed record AccessLedgerOptions
{
    /// <summary>Checks the signatures of tokens.</summary>
    public required IContributionVerifier Verifier { get; init; }

    /// <summary>The owner's key, for <see cref="AccessMode.Automatic"/>.</summary>
    /// <value><see langword="null"/>: requests can only be approved by hand.</value>
    public IContributionSigner? AutomaticSigner { get; init; }

    /// <summary>Finds out whether prices were paid.</summary>
    /// <value><see langword="null"/>: no price can be confirmed.</value>
    public IAccessPayments? Payments { get; init; }

    /// <summary>Whether every online check of a grant the owner signed becomes an event, the denied ones too. What a quota counts always does.</summary>
    /// <value><see langword="true"/>.</value>
    public bool RecordChecks { get; init; } = true;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is missing.</exception>
    public void Validate()
    {
        if (Verifier is null)
        {
            throw new ArgumentException($"{nameof(Verifier)} is missing; the chain package has the one for secp256k1.");
        }
    }
}
