using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Contributions;

/// <summary>Records and the signed statement that gives them to a datanet.</summary>
/// <remarks>
/// Immutable; safe for concurrent use. A contribution that came from elsewhere is not trusted: the datanet checks the signature when it
/// is submitted.
/// </remarks>
public sealed class Contribution
{
    /// <summary>Longest signature in bytes.</summary>
    public const int MaxSignatureLength = 1024;

    private readonly byte[] _signature;

    private Contribution(ContributionStatement statement, DatanetRecord[] records, byte[] signature)
    {
        Statement = statement;
        Records = Array.AsReadOnly(records);
        _signature = signature;
    }

    /// <summary>What was signed.</summary>
    public ContributionStatement Statement { get; }

    /// <summary>The records, in the order of the statement.</summary>
    public IReadOnlyList<DatanetRecord> Records { get; }

    /// <summary>The signature over <see cref="Digest"/>.</summary>
    public ReadOnlyMemory<byte> Signature => _signature;

    /// <summary>SHA-256 of the canonical statement.</summary>
    public Sha256Digest Digest => Statement.Digest;

    /// <summary>Bytes of all payloads together, as limits count them.</summary>
    public long PayloadLength => Records.Sum(static record => (long)record.Payload.Length);

    /// <summary>Who gives and signs.</summary>
    public ContributorId Contributor => Statement.Contributor;

    /// <summary>Signs a draft, once for all its records.</summary>
    /// <param name="draft">What to sign; its list is copied.</param>
    /// <param name="signer">The contributor's key.</param>
    /// <exception cref="ArgumentException">The draft is not legal; the message says which values are.</exception>
    /// <exception cref="InvalidOperationException">The signer returned no signature or one beyond <see cref="MaxSignatureLength"/>.</exception>
    public static Contribution Sign(ContributionDraft draft, IContributionSigner signer)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(signer);
        DatanetRecord[] records = Copy(draft);
        ContributionStatement statement = StatementOf(draft, records, signer.Contributor);
        byte[]? signature = signer.Sign(statement.Digest.ToArray());
        if (signature is null || signature.Length is 0 or > MaxSignatureLength)
        {
            throw new InvalidOperationException(
                $"{signer.GetType().Name} returned a signature of {signature?.Length ?? 0} bytes; 1 to {MaxSignatureLength} are legal.");
        }

        return new Contribution(statement, records, [.. signature]);
    }

    /// <summary>Puts a contribution together that was signed elsewhere. The signature is not checked here.</summary>
    /// <param name="draft">What the contributor says was signed.</param>
    /// <param name="contributor">Who the contributor claims to be.</param>
    /// <param name="signature">1 to <see cref="MaxSignatureLength"/> bytes; copied.</param>
    /// <exception cref="ArgumentException">The draft is not legal, or the signature has an illegal length.</exception>
    public static Contribution Receive(ContributionDraft draft, ContributorId contributor, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (signature.Length is 0 or > MaxSignatureLength)
        {
            throw new ArgumentException($"A signature has 1 to {MaxSignatureLength} bytes, not {signature.Length}.", nameof(signature));
        }

        DatanetRecord[] records = Copy(draft);
        return new Contribution(StatementOf(draft, records, contributor), records, signature.ToArray());
    }

    private static DatanetRecord[] Copy(ContributionDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft.Records);
        DatanetRecord[] records = [.. draft.Records];
        return Array.IndexOf(records, null) is int index && index < 0
            ? records
            : throw new ArgumentException($"Record {index} of the draft is null.", nameof(draft));
    }

    private static ContributionStatement StatementOf(ContributionDraft draft, DatanetRecord[] records, ContributorId contributor) =>
        new(draft.DatanetId, contributor, records.Select(record => record.Digest), draft.Licence, draft.Consent, draft.Provenance);
}
