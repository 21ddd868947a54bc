namespace OpenLedger.Attribution.Rewards;

/// <summary>What to do where no record has positive influence.</summary>
public enum NoPositiveInfluence
{
    /// <summary>The allocation is empty; whoever pays decides where the contributor part goes.</summary>
    PayNobody = 0,

    /// <summary>Every record counts the same. Simple, and an invitation to contribute many useless records.</summary>
    EqualPerRecord = 1,
}
