namespace OpenLedger.Chain.Ledger;

/// <summary>How to open a <see cref="SqliteLedger"/>.</summary>
public sealed record SqliteLedgerOptions
{
    /// <summary>Which ledger it is. A new file is created with it; an existing file must have the same.</summary>
    public required LedgerIdentity Identity { get; init; }

    /// <summary>How long to wait for another process that holds the file.</summary>
    /// <value>5 seconds; whole seconds from 1 second to 1 hour.</value>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Checks everything.</summary>
    /// <exception cref="ArgumentException">The identity is incomplete or the timeout out of range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Identity);
        Identity.Validate();
        if (BusyTimeout < TimeSpan.FromSeconds(1) || BusyTimeout > TimeSpan.FromHours(1) || BusyTimeout.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw new ArgumentException($"{nameof(BusyTimeout)} is {BusyTimeout}; it must be a whole number of seconds from 1 second to 1 hour.");
        }
    }
}
