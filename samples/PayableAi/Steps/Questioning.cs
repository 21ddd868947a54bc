using Microsoft.Extensions.AI;
using OpenLedger.Attribution.Answers;
using OpenLedger.Attribution.Evaluation;
using OpenLedger.Attribution.Influence;
using OpenLedger.Attribution.Retrieval;
using PayableAi.Input;

namespace PayableAi.Steps;

/// <summary>How the held-out questions were answered.</summary>
internal sealed record HeldOutAnswers(IReadOnlyList<string> AdapterAnswers, IReadOnlyList<string> BaseAnswers, int AdapterCorrect, int BaseCorrect, int Total);

/// <summary>How often the record that holds the fact is among the first three.</summary>
internal sealed record AttributionCheck(string Method, HitRate Top3, HitRate DataInfTop3, HitRate Bm25Top3, HitRate Bm25WithAnswerTop3);

/// <summary>Asks all held-out questions, and checks attribution on all of them.</summary>
internal static class Questioning
{
    public const int MaxAnswerTokens = 24;

    private const int Top = 3;

    public static async Task<HeldOutAnswers> AskAsync(
        IChatClient client, string adapterName, string baseName, IReadOnlyList<HeldOutQuestion> questions, CancellationToken cancellationToken)
    {
        List<string> adapterAnswers = [], baseAnswers = [];
        foreach (HeldOutQuestion question in questions)
        {
            adapterAnswers.Add(await AskAsync(client, adapterName, question.Question, cancellationToken).ConfigureAwait(false));
            baseAnswers.Add(await AskAsync(client, baseName, question.Question, cancellationToken).ConfigureAwait(false));
        }

        int Correct(List<string> answers) => answers.Where((answer, i) => IsCorrect(answer, questions[i].Answer)).Count();
        return new HeldOutAnswers(adapterAnswers, baseAnswers, Correct(adapterAnswers), Correct(baseAnswers), questions.Count);
    }

    /// <summary>Exact, but for white space at the ends.</summary>
    public static bool IsCorrect(string answer, string expected) => answer.Trim() == expected.Trim();

    /// <summary>
    /// Ranks the records for every held-out question. The influence methods explain the adapter's own answer, right or wrong; BM25 sees the
    /// question as a search engine would, and in a second count the question with the answer.
    /// </summary>
    public static AttributionCheck CheckAttribution(
        AnswerAttributor attributor, IInfluenceMethod method, IReadOnlyList<HeldOutQuestion> questions, IReadOnlyList<string> answers, CancellationToken cancellationToken)
    {
        Dictionary<string, int> indexOf = attributor.Sources.Select((s, i) => (s.RecordId, i)).ToDictionary(p => p.RecordId, p => p.i, StringComparer.Ordinal);
        int[][] truths = [.. questions.Select(q => q.Records.Where(indexOf.ContainsKey).Select(r => indexOf[r]).ToArray())];
        IReadOnlyList<InfluenceScores> scores = attributor.Score(
            [.. questions.Select((q, i) => (q.Question, answers[i]))], [method, new DataInfInfluence()], cancellationToken);
        Bm25 search = new(attributor.Sources.Select(s => s.Text));
        HitRate Rate(Func<int, double[]> scoresOf) =>
            HitRate.AtMost([.. Enumerable.Range(0, questions.Count).Select(i => RankOfTruth.Of(scoresOf(i), truths[i]))], Top);
        return new AttributionCheck(
            method.Name,
            Rate(i => scores[0].Query(i).ToArray()),
            Rate(i => scores[1].Query(i).ToArray()),
            Rate(i => search.Score(questions[i].Question)),
            Rate(i => search.Score($"{questions[i].Question} {answers[i]}")));
    }

    private static async Task<string> AskAsync(IChatClient client, string model, string question, CancellationToken cancellationToken)
    {
        ChatResponse response = await client.GetResponseAsync(question, new ChatOptions { ModelId = model, MaxOutputTokens = MaxAnswerTokens }, cancellationToken).ConfigureAwait(false);
        return response.Text;
    }
}
