namespace OpenLedger.Datanets.Access;

/// <summary>What a quota counts. Names are signed and never change.</summary>
public enum AccessQuotaUnit
{
    /// <summary>Training runs, counted when they start.</summary>
    Runs = 1,

    /// <summary>Passes over the data, counted when they start.</summary>
    Epochs = 2,

    /// <summary>Records read, counted when an epoch starts.</summary>
    Records = 3,
}
