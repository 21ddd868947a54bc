namespace OpenLedger.Datanets.Review;

/// <summary>Carries final decisions to where they take effect, for example from an inbox branch into the main one.</summary>
/// <remarks>
/// Called outside of any transaction. A crash between the delivery and the note that it happened repeats the delivery, so implementations
/// must do nothing the second time.
/// </remarks>
public interface IReviewOutcome
{
    /// <summary>Takes decisions, oldest task first; when it throws, all of them are delivered again later.</summary>
    /// <param name="outcomes">At least one.</param>
    void Deliver(IReadOnlyList<ReviewOutcome> outcomes);
}
