namespace OpenLedger.Datanets.Validation.Contamination;

/// <summary>One evaluation set in a contamination index.</summary>
public sealed record EvaluationTask
{
    internal EvaluationTask(string suite, string name, int items, int coveredItems)
    {
        Suite = suite;
        Name = name;
        Items = items;
        CoveredItems = coveredItems;
    }

    /// <summary>The suite, for example <c>lm-eval</c>.</summary>
    public string Suite { get; }

    /// <summary>The task, for example <c>gsm8k/test</c>.</summary>
    public string Name { get; }

    /// <summary>Items that were added.</summary>
    public int Items { get; }

    /// <summary>Items with at least one n-gram in the index; the others are too short to be found.</summary>
    public int CoveredItems { get; }
}
