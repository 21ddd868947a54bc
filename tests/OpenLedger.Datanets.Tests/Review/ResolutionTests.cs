using CsCheck;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Review;

public sealed class ResolutionTests
{
    private static readonly ReviewAnswer[] Pool =
    [
        ReviewAnswer.Accept, ReviewAnswer.Fix(JournalBench.Record(1)), ReviewAnswer.Fix(JournalBench.Record(2)),
        ReviewAnswer.Reject(ReviewReason.Spam), ReviewAnswer.Reject(ReviewReason.OffTopic, "not about harbours"),
    ];

    [Fact]
    public void IsOver_AnyAnswers_EqualsTheTwin() =>
        Gen.Select(Gen.Enum<ResolutionRule>(), Gen.Int[1, 4], Gen.Int[1, 7], Gen.Int[0, Pool.Length - 1].Array[7]).Sample((rule, quorum, needed, picks) =>
        {
            ReviewAnswer[] answers = [.. picks.Select(pick => Pool[pick])];
            (int used, ReviewDecision? decision, _) = ReferenceResolution.Run(rule, quorum, needed, answers);
            for (int count = 1; count <= needed; count++)
            {
                bool isOver = Resolution.IsOver(rule, quorum, needed, answers[..count], out ReviewAnswer? proposal);
                Assert.Equal(count >= used, isOver);
                if (count == used)
                {
                    Assert.Equal(decision, proposal?.Decision);
                    Assert.Equal(ReferenceResolution.Run(rule, quorum, needed, answers).Replacement, proposal?.Replacement);
                    break;
                }

                Assert.Null(proposal);
            }
        });

    [Fact]
    public void IsOver_RejectionsWithDifferentReasons_TakesTheMostFrequentThenTheFirst()
    {
        ReviewAnswer Reject(ReviewReason reason) => ReviewAnswer.Reject(reason);
        Resolution.IsOver(ResolutionRule.Majority, 1, 3, [Reject(ReviewReason.Spam), Reject(ReviewReason.OffTopic), Reject(ReviewReason.Spam)], out ReviewAnswer? proposal);
        Assert.Equal(ReviewReason.Spam, proposal!.Reason);
        Resolution.IsOver(ResolutionRule.Majority, 1, 2, [Reject(ReviewReason.Spam), Reject(ReviewReason.OffTopic)], out proposal);
        Assert.Equal(ReviewReason.OffTopic, proposal!.Reason);
    }
}
