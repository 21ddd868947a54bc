namespace OpenLedger.Lora.Merging;

/// <summary>How an entry's sign is elected.</summary>
public enum SignElection
{
    /// <summary>The sign of the sum of the entries.</summary>
    Total,

    /// <summary>The sign that most entries have.</summary>
    Frequency,
}
