using System.Globalization;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Is any text of a record more toxic than allowed, as a classifier of the application sees it?</summary>
/// <remarks>Blank texts are not asked about. Immutable; as safe for concurrent use as its scorer.</remarks>
public sealed class ToxicityRule : IRecordRule
{
    /// <summary>The default of the greatest score allowed.</summary>
    public const double DefaultMaxScore = 0.5;

    private readonly IToxicityScorer _scorer;
    private readonly double _maxScore;

    /// <summary>Creates the rule.</summary>
    /// <param name="scorer">The classifier.</param>
    /// <param name="maxScore">The greatest score allowed, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxScore"/> is not from 0 to 1.</exception>
    /// <exception cref="ArgumentException">The scorer has no name.</exception>
    public ToxicityRule(IToxicityScorer scorer, double maxScore = DefaultMaxScore)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentException.ThrowIfNullOrWhiteSpace(scorer.Name, nameof(scorer));
        if (!(maxScore is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(maxScore), maxScore, "The greatest score allowed must be from 0 to 1.");
        }

        _scorer = scorer;
        _maxScore = maxScore;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; } = ["toxicity"];

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["maxScore"] = _maxScore, ["rule"] = "toxicity", ["scorer"] = _scorer.Name };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The scorer gave something that is not from 0 to 1.</exception>
    public void Examine(ExaminedRecord record, FindingCollector findings)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(findings);
        foreach (RecordText text in record.Texts)
        {
            if (string.IsNullOrWhiteSpace(text.Value))
            {
                continue;
            }

            double score = _scorer.Score(text.Value);
            if (!(score is >= 0 and <= 1))
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"The toxicity scorer '{_scorer.Name}' gave {score}; scores are from 0 to 1."));
            }

            findings.Above("toxicity", text, "Toxicity", score, _maxScore);
        }
    }
}
