namespace OpenLedger.Datanets.Contributions;

/// <summary>Checks what a contributor allowed against what somebody wants to do.</summary>
public static class ConsentTermsExtensions
{
    /// <summary>Whether every wanted use was allowed.</summary>
    /// <param name="given">What the contributor allowed.</param>
    /// <param name="wanted">The uses; none is always allowed, since keeping the records was agreed to by giving them.</param>
    public static bool Permits(this ConsentTerms given, ConsentTerms wanted) => Missing(given, wanted) == ConsentTerms.None;

    /// <summary>The wanted uses that the contributor did not allow.</summary>
    /// <param name="given">What the contributor allowed.</param>
    /// <param name="wanted">The uses.</param>
    public static ConsentTerms Missing(this ConsentTerms given, ConsentTerms wanted) => wanted & ~given;

    /// <summary>What all contributors of a mix allowed.</summary>
    /// <param name="given">The terms of each; none gives all terms, since then nobody is there to object.</param>
    public static ConsentTerms Meet(this IEnumerable<ConsentTerms> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return given.Aggregate(ConsentTerms.Training | ConsentTerms.Inference | ConsentTerms.Mining, static (all, one) => all & one);
    }
}
