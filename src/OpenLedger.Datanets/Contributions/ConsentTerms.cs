namespace OpenLedger.Datanets.Contributions;

/// <summary>What a contributor allows others to do with the records of a contribution.</summary>
[Flags]
public enum ConsentTerms
{
    /// <summary>Nothing beyond keeping and checking the records.</summary>
    None = 0,

    /// <summary>Training models.</summary>
    Training = 1,

    /// <summary>Showing records to a model while it answers (retrieval) and citing them.</summary>
    Inference = 2,

    /// <summary>Text and data mining: statistics and analysis without a model.</summary>
    Mining = 4,
}
