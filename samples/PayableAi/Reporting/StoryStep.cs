namespace PayableAi.Reporting;

/// <summary>The steps of a run, by their number in the output.</summary>
public enum StoryStep
{
    /// <summary>Records go into datanets.</summary>
    Contribute = 1,

    /// <summary>An adapter learns them.</summary>
    FineTune = 2,

    /// <summary>The adapter answers questions.</summary>
    Serve = 3,

    /// <summary>Answers are traced to records.</summary>
    Attribute = 4,

    /// <summary>Fees are split, paid out, claimed and verified.</summary>
    Settle = 5,

    /// <summary>The result is shown.</summary>
    Show = 6,
}
