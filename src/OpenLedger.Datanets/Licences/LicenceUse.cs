namespace OpenLedger.Datanets.Licences;

/// <summary>What somebody wants to do with a mix of sources.</summary>
/// <remarks>
/// Whether a model is an adaptation of its training data is an open question of law. Who takes it for one adds
/// <see cref="Derive"/>; who does not leaves it out. This package does not decide it.
/// </remarks>
[Flags]
public enum LicenceUse
{
    /// <summary>Keeping the sources for oneself.</summary>
    None = 0,

    /// <summary>Passing something on: the sources side by side or, with <see cref="Derive"/>, what was made of them.</summary>
    Share = 1,

    /// <summary>Doing so for commercial advantage.</summary>
    Commercial = 2,

    /// <summary>Making an adaptation: a translation, a merged data set, or a model if one takes it for an adaptation.</summary>
    Derive = 4,
}
