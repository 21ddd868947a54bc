namespace OpenLedger.Datanets.Schemas;

/// <summary>What a difference between two schemas means for the records of the old one.</summary>
public enum ChangeImpact
{
    /// <summary>Every record stays legal.</summary>
    Compatible,

    /// <summary>Some records may be illegal under the new schema; each is checked when it is carried over.</summary>
    Narrowing,

    /// <summary>Records that have the field, or lack it, are illegal under the new schema without a step.</summary>
    NeedsStep,
}
