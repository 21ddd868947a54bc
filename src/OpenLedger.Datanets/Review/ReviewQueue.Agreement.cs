using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Review;

/// <content>How much reviewers agree.</content>
public sealed partial class ReviewQueue
{
    /// <summary>Krippendorff's nominal alpha over the decisions of all first rounds, complete or not; gold tasks included.</summary>
    /// <returns>The alpha; without variation when nobody judged the same record as another.</returns>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public AgreementResult MeasureAgreement() => Agreement.KrippendorffAlpha(
        _journal.Query(_projection, _ => _projection.Cases
            .Select(task => (IReadOnlyList<double>)[.. task.Votes.Where(vote => vote.Round == 1).Select(vote => (double)vote.Answer.Decision)])
            .ToArray()),
        AlphaMetric.Nominal);

    /// <summary>Cohen's kappa over the decisions about the records that both reviewers judged.</summary>
    /// <param name="left">A reviewer.</param>
    /// <param name="right">Another reviewer.</param>
    /// <returns>The kappa, or <see langword="null"/> when they have no record in common.</returns>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public AgreementResult? MeasureAgreement(ContributorId left, ContributorId right)
    {
        (int Left, int Right)[] pairs = _journal.Query(_projection, _ => _projection.Cases
            .Select(task => (Left: task.Votes.Find(vote => vote.Reviewer == left), Right: task.Votes.Find(vote => vote.Reviewer == right)))
            .Where(pair => pair.Left is not null && pair.Right is not null)
            .Select(pair => ((int)pair.Left!.Answer.Decision, (int)pair.Right!.Answer.Decision))
            .ToArray());
        return pairs.Length == 0
            ? null
            : Agreement.CohenKappa([.. pairs.Select(pair => pair.Left)], [.. pairs.Select(pair => pair.Right)]);
    }
}
