using OpenLedger.Datanets.Review;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>The resolution rules by counting votes answer by answer, as a person would.</summary>
internal static class ReferenceResolution
{
    /// <summary>Feeds the answers one by one; returns how many were needed (0: never enough) and the common decision.</summary>
    public static (int Used, ReviewDecision? Decision, OpenLedger.Datanets.Records.RecordDigest? Replacement) Run(
        ResolutionRule rule, int quorum, int needed, IReadOnlyList<ReviewAnswer> answers)
    {
        Dictionary<(ReviewDecision, OpenLedger.Datanets.Records.RecordDigest?), int> counts = [];
        for (int used = 1; used <= Math.Min(needed, answers.Count); used++)
        {
            ReviewAnswer answer = answers[used - 1];
            (ReviewDecision, OpenLedger.Datanets.Records.RecordDigest?) key = (answer.Decision, answer.Replacement);
            counts[key] = counts.GetValueOrDefault(key) + 1;
            int demanded = rule switch { ResolutionRule.FirstToQuorum => quorum, ResolutionRule.Unanimous => needed, _ => (needed / 2) + 1 };
            if ((rule == ResolutionRule.FirstToQuorum || used == needed) && counts.Any(count => count.Value >= demanded))
            {
                (ReviewDecision decision, OpenLedger.Datanets.Records.RecordDigest? replacement) = counts.First(count => count.Value >= demanded).Key;
                return (used, decision, replacement);
            }

            if (used == needed)
            {
                return (used, null, null);
            }
        }

        return (0, null, null);
    }
}
