namespace OpenLedger.Datanets.Access;

/// <summary>Asks the ledger of the datanet: sees revocation and counts quotas. Safe for concurrent use.</summary>
public sealed class AccessSession : IAccessSession
{
    private readonly AccessLedger _ledger;
    private readonly string _token;
    private readonly AccessUse _use;

    /// <summary>Creates a session; nothing is checked yet.</summary>
    /// <param name="ledger">The ledger of the datanet.</param>
    /// <param name="token">The token's text.</param>
    /// <param name="use">Who, what for, which version and splits, and the name of the run, which must be set.</param>
    /// <exception cref="ArgumentException">The use is not legal, names no run, or names an epoch.</exception>
    public AccessSession(AccessLedger ledger, string token, AccessUse use)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(use);
        use.Validate(nameof(use));
        if (use.Run is null || use.Epoch is not null || use.Records != 0)
        {
            throw new ArgumentException("A session needs the name of a run, and no epoch and no records: those come with CheckEpoch.", nameof(use));
        }

        _ledger = ledger;
        _token = token;
        _use = use;
    }

    /// <inheritdoc/>
    public AccessGrant CheckStart() => _ledger.CheckOnline(_token, _use);

    /// <inheritdoc/>
    public void CheckEpoch(int epoch, long records)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(records);
        _ledger.CheckOnline(_token, _use with { Epoch = epoch, Records = records });
    }
}
