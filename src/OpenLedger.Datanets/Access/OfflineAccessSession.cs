namespace OpenLedger.Datanets.Access;

/// <summary>Asks the token alone, where the ledger cannot be reached: sees the end of the validity, but neither revocation nor quotas.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class OfflineAccessSession : IAccessSession
{
    private readonly GrantVerifier _verifier;
    private readonly string _token;
    private readonly AccessUse _use;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a session; nothing is checked yet.</summary>
    /// <param name="verifier">Checks the token.</param>
    /// <param name="token">The token's text.</param>
    /// <param name="use">Who, what for, which version and splits.</param>
    /// <param name="timeProvider">Says what time it is.</param>
    /// <exception cref="ArgumentException">The use is not legal.</exception>
    public OfflineAccessSession(GrantVerifier verifier, string token, AccessUse use, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(use);
        ArgumentNullException.ThrowIfNull(timeProvider);
        use.Validate(nameof(use));
        _verifier = verifier;
        _token = token;
        _use = use;
        _timeProvider = timeProvider;
    }

    /// <inheritdoc/>
    public AccessGrant CheckStart() => _verifier.Check(_token, _use, _timeProvider.GetUtcNow());

    /// <inheritdoc/>
    public void CheckEpoch(int epoch, long records)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(records);
        CheckStart();
    }
}
