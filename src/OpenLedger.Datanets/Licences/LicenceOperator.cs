namespace OpenLedger.Datanets.Licences;

/// <summary>How an expression joins licences.</summary>
public enum LicenceOperator
{
    /// <summary>All of them hold.</summary>
    And,

    /// <summary>Whoever receives the work chooses one.</summary>
    Or,
}
