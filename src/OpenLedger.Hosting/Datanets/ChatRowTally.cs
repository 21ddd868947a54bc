using Microsoft.Extensions.AI;

namespace OpenLedger.Hosting.Datanets;

/// <summary>Counts while one document is walked.</summary>
internal sealed class ChatRowTally(string sourceName)
{
    private readonly List<ChatRowFinding> _findings = [];
    private readonly int[] _counts = new int[Enum.GetValues<ChatRowFault>().Max(fault => (int)fault) + 1];
    private long _inputTokens;
    private long _outputTokens;
    private int _requests;
    private int _withoutUsage;

    public int Parts { get; set; }

    public int Rows { get; set; }

    public void AddAnswer(UsageDetails? usage)
    {
        _requests++;
        bool isWhole = usage is { InputTokenCount: >= 0, OutputTokenCount: >= 0 };
        _withoutUsage += isWhole ? 0 : 1;
        _inputTokens = Sum(_inputTokens, usage?.InputTokenCount);
        _outputTokens = Sum(_outputTokens, usage?.OutputTokenCount);
    }

    public void AddFinding(ChatRowFinding finding, int count)
    {
        _counts[(int)finding.Fault] += count;
        if (_findings.Count < ChatRowReport.MaxFindings)
        {
            _findings.Add(finding);
        }
    }

    public ChatRowReport ToReport(bool isComplete) => new([.. _counts])
    {
        SourceName = sourceName,
        IsComplete = isComplete,
        Parts = Parts,
        Requests = _requests,
        Rows = Rows,
        Findings = Array.AsReadOnly(_findings.ToArray()),
        InputTokens = _inputTokens,
        OutputTokens = _outputTokens,
        RequestsWithoutUsage = _withoutUsage,
    };

    /// <summary>Counts come from outside: a negative one is no count, and a sum stays at the greatest number instead of turning negative.</summary>
    private static long Sum(long total, long? count) => count is > 0 and { } more ? (more > long.MaxValue - total ? long.MaxValue : total + more) : total;
}
