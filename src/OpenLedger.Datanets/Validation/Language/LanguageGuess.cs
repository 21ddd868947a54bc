namespace OpenLedger.Datanets.Validation.Language;

/// <summary>What a text is written in.</summary>
/// <param name="Language">ISO 639-1 code, or <see cref="Undetermined"/>.</param>
/// <param name="Score">How sure that is, 0 to 1; 0 for <see cref="Undetermined"/>.</param>
public readonly record struct LanguageGuess(string Language, double Score)
{
    /// <summary>No language could be told: too few letters, mixed, or none that is known. The code of ISO 639-2 for it.</summary>
    public const string Undetermined = "und";

    /// <summary>Nothing could be told.</summary>
    public static LanguageGuess Unknown { get; } = new(Undetermined, 0);

    /// <summary>Whether a language was told.</summary>
    public bool IsKnown => Language is not (null or Undetermined);
}
