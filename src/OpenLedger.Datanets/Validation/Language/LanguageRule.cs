using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Language;

/// <summary>Is the body of a record in one of the languages allowed, with enough certainty?</summary>
/// <remarks>Immutable; as safe for concurrent use as its identifier.</remarks>
public sealed class LanguageRule : IRecordRule
{
    private readonly LanguageOptions _options;
    private readonly ILanguageIdentifier _identifier;
    private readonly FrozenSet<string> _allowed;
    private readonly JsonObject _description;

    /// <summary>Creates the rule.</summary>
    /// <param name="options">The thresholds, or <see langword="null"/> for the defaults.</param>
    /// <param name="identifier">The identifier, or <see langword="null"/> for the bundled heuristic.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public LanguageRule(LanguageOptions? options = null, ILanguageIdentifier? identifier = null)
    {
        _options = options ?? new LanguageOptions();
        _options.Validate();
        _identifier = identifier ?? HeuristicLanguageIdentifier.Default;
        _allowed = _options.Allowed.ToFrozenSet(StringComparer.Ordinal);
        _description = _options.Describe();
        _description["identifier"] = _identifier.Name;
        _description["rule"] = "language";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; } = ["language_uncertain", "language_not_allowed"];

    /// <inheritdoc/>
    public JsonObject Describe() => (JsonObject)_description.DeepClone();

    /// <inheritdoc/>
    public void Examine(ExaminedRecord record, FindingCollector findings)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(findings);
        foreach (RecordText text in record.Body)
        {
            if (!HasLetters(text.Value, _options.MinLetters))
            {
                continue;
            }

            LanguageGuess guess = text.Analysis.LanguageBy(_identifier);
            if (!guess.IsKnown || guess.Score < _options.MinScore)
            {
                findings.Add(
                    "language_uncertain", text.Path, $"The language is not certain; the best guess is '{guess.Language}'.", guess.Score, _options.MinScore);
            }
            else if (_allowed.Count > 0 && !_allowed.Contains(guess.Language))
            {
                findings.Add("language_not_allowed", text.Path, $"The text is in '{guess.Language}', which is not allowed here.", guess.Score);
            }
        }
    }

    private static bool HasLetters(string text, int count)
    {
        int letters = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            letters += Rune.IsLetter(rune) ? 1 : 0;
            if (letters >= count)
            {
                return true;
            }
        }

        return letters >= count;
    }
}
