using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Contamination;

/// <summary>Does any text of a record repeat an evaluation set?</summary>
/// <remarks>
/// Texts are searched one by one, and the question with its context and answer together, since an n-gram may cross from one to the next.
/// Immutable; safe for concurrent use; time linear in the record, times the logarithm of the index.
/// </remarks>
public sealed class ContaminationRule : IRecordRule
{
    private readonly ContaminationIndex _index;

    /// <summary>Creates the rule.</summary>
    /// <param name="index">The evaluation sets.</param>
    public ContaminationRule(ContaminationIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        _index = index;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; } = ["contaminated"];

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["index"] = _index.Digest.ToString(), ["rule"] = "contamination" };

    /// <inheritdoc/>
    public void Examine(ExaminedRecord record, FindingCollector findings)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(findings);
        bool isContaminated = false;
        foreach (RecordText text in record.Texts)
        {
            isContaminated |= Search(text.Value, text.Path, findings);
        }

        if (!isContaminated && record.Question is not null && record.Answer is not null)
        {
            string joined = string.Join('\n', record.Question.Value, record.Context?.Value, record.Answer.Value);
            Search(joined, record.Answer.Path, findings);
        }
    }

    private bool Search(string text, string path, FindingCollector findings)
    {
        IReadOnlyList<ContaminationHit> hits = _index.Find(text);
        foreach (IGrouping<EvaluationTask, ContaminationHit> group in hits.GroupBy(hit => hit.Task))
        {
            ContaminationHit longest = group.MaxBy(hit => hit.NGrams)!;
            findings.Add(
                "contaminated",
                path,
                $"The text repeats {_index.Options.NGramLength}-grams of '{group.Key.Name}' of '{group.Key.Suite}'; their number is measured.",
                group.Sum(hit => (long)hit.NGrams),
                0,
                excerpt: text.Substring(longest.Start, longest.Length));
        }

        return hits.Count > 0;
    }
}
