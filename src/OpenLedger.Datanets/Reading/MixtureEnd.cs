namespace OpenLedger.Datanets.Reading;

/// <summary>What a <see cref="TrainingMixture"/> does when a source has no more records.</summary>
public enum MixtureEnd
{
    /// <summary>The mixture ends with the first source that runs out: proportions hold to the end.</summary>
    WhenFirstEnds = 0,

    /// <summary>A source that ran out is left aside and the others go on: every record is read exactly once.</summary>
    WhenAllEnd = 1,

    /// <summary>A source that ran out starts again with its next epoch, until every source was read through at least once.</summary>
    WhenAllWereRead = 2,
}
