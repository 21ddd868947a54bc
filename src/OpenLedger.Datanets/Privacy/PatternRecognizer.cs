using System.Text.RegularExpressions;

namespace OpenLedger.Datanets.Privacy;

/// <summary>A recogniser of your own: a non-backtracking pattern, context words and a check.</summary>
/// <remarks>Immutable and safe for concurrent use when the check is.</remarks>
public sealed class PatternRecognizer : IPiiRecognizer
{
    private static readonly ContextWords NoWords = new([]);

    private readonly Regex _pattern;
    private readonly PersonalDataEntity _entity;
    private readonly PatternRecognizerOptions _options;

    /// <summary>Makes a recogniser.</summary>
    /// <param name="name">The name that spans carry.</param>
    /// <param name="entity">The kind to report.</param>
    /// <param name="pattern">
    /// The pattern, made with <see cref="RegexOptions.NonBacktracking"/>: contributor text is hostile, and a backtracking pattern can take
    /// years on a kilobyte of it.
    /// </param>
    /// <param name="options">Scores, context and check, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The name is empty, the pattern can backtrack, or the options are illegal.</exception>
    public PatternRecognizer(string name, PersonalDataEntity entity, Regex pattern, PatternRecognizerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(pattern);
        if (!pattern.Options.HasFlag(RegexOptions.NonBacktracking))
        {
            throw new ArgumentException("The pattern can backtrack; construct it with RegexOptions.NonBacktracking.", nameof(pattern));
        }

        _options = options ?? new PatternRecognizerOptions();
        _options.Validate();
        Name = name;
        _entity = entity;
        _pattern = pattern;
        Entities = [entity];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PersonalDataEntity> Entities { get; }

    /// <inheritdoc/>
    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(candidates);
        foreach (ValueMatch match in _pattern.EnumerateMatches(text.Text))
        {
            if (match.Length == 0)
            {
                continue;
            }

            bool? valid = _options.IsValid?.Invoke(text.Text.Substring(match.Index, match.Length));
            if (valid == false)
            {
                continue;
            }

            ContextMatch context = text.FindContext(match.Index, match.Length, _options.Context ?? NoWords);
            double score = valid == true ? 1.0 : _options.Score;
            score = context.Kind switch
            {
                ContextKind.Supporting => Math.Min(1, score + _options.ContextBoost),
                ContextKind.Contradicting => Math.Max(0, score - _options.ContextPenalty),
                _ => score,
            };
            string why = (valid == true ? "pattern, check" : "pattern") + (context.Word is null ? "" : $", context '{context.Word}'");
            candidates.Add(new PersonalDataCandidate(match.Index, match.Length, _entity, score, why));
        }
    }
}
