namespace OpenLedger.Datanets.Access;

/// <summary>What somebody wants to use a datanet for. Names are signed and written into journals and never change.</summary>
public enum AccessPurpose
{
    /// <summary>Training models that others may use.</summary>
    Training = 1,

    /// <summary>Measuring models without training them.</summary>
    Evaluation = 2,

    /// <summary>Showing records to a model while it answers.</summary>
    Retrieval = 3,

    /// <summary>Research whose results are published, including training for it.</summary>
    Research = 4,
}
