namespace OpenLedger.Datanets.Privacy;

/// <summary>Finds candidates for some kinds of personal data or secrets in a text.</summary>
/// <remarks>
/// A recogniser is called by many threads at once and keeps no state. It must be linear in the length of the text: contributor text is
/// hostile. <see cref="PatternRecognizer"/> makes one of a non-backtracking regular expression.
/// </remarks>
public interface IPiiRecognizer
{
    /// <summary>The name that spans carry.</summary>
    string Name { get; }

    /// <summary>The kinds this recogniser can report.</summary>
    IReadOnlyList<PersonalDataEntity> Entities { get; }

    /// <summary>Adds the candidates of a text, in any order; they may overlap.</summary>
    /// <param name="text">The text with its context.</param>
    /// <param name="candidates">Receives the candidates; what it already holds belongs to others.</param>
    void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates);
}
