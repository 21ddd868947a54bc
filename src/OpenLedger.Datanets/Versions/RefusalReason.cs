namespace OpenLedger.Datanets.Versions;

/// <summary>Why a datanet did not accept a record. Names and numbers are stable.</summary>
public enum RefusalReason
{
    /// <summary>The signature of the contribution is not that of its contributor; nothing of the contribution was kept.</summary>
    InvalidSignature = 1,

    /// <summary>The contribution was signed for another datanet.</summary>
    WrongDatanet = 2,

    /// <summary>The payloads of the contribution are together larger than the datanet allows.</summary>
    ContributionTooLarge = 3,

    /// <summary>The record does not fit the schema; the outcome lists the faults.</summary>
    SchemaViolation = 4,

    /// <summary>The datanet holds this record, or one that differs only in case, white space or the composition of accents.</summary>
    DuplicateInDatanet = 5,

    /// <summary>The same contribution gave this record before, or one that differs only as above.</summary>
    DuplicateInContribution = 6,

    /// <summary>A gate of the datanet refused the record; the outcome carries the gate's code.</summary>
    RefusedByGate = 7,

    /// <summary>The same contribution gave this record before, and it was erased; its contributor can give it again under a new one.</summary>
    Erased = 8,
}
