namespace OpenLedger.Datanets.Versions;

/// <summary>How a merge decides conflicts.</summary>
public sealed record MergeOptions
{
    /// <summary>What happens to conflicts that <see cref="Resolve"/> does not decide.</summary>
    /// <value><see cref="MergeResolution.None"/>: the merge fails and nothing changes.</value>
    public MergeResolution Resolution { get; init; } = MergeResolution.None;

    /// <summary>
    /// Decides one conflict; <see cref="MergeResolution.None"/> leaves it to <see cref="Resolution"/>. Called inside the store's transaction: it
    /// must answer at once, always the same for the same conflict, and not call the store.
    /// </summary>
    /// <value><see langword="null"/>: every conflict is left to <see cref="Resolution"/>.</value>
    public Func<MergeConflict, MergeResolution>? Resolve { get; init; }

    /// <summary>Throws when a value is illegal.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Resolution))
        {
            throw new ArgumentException($"{nameof(Resolution)} is {Resolution}; it must be a member of {nameof(MergeResolution)}.");
        }
    }
}
