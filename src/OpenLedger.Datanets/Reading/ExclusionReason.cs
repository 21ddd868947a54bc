namespace OpenLedger.Datanets.Reading;

/// <summary>Why a <see cref="TrainingReader"/> leaves a record of its version out.</summary>
public enum ExclusionReason
{
    /// <summary>The contributor did not consent to this use.</summary>
    Consent = 1,

    /// <summary>The licence is not accepted.</summary>
    Licence = 2,

    /// <summary>The record falls into another split.</summary>
    Split = 3,

    /// <summary>The access grant does not cover the record.</summary>
    Grant = 4,

    /// <summary>The record was not drawn into the sample.</summary>
    Sample = 5,
}
