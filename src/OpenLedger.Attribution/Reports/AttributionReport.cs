using System.Text.Json;
using OpenLedger.Attribution.Rewards;
using OpenLedger.Attribution.Spans;

namespace OpenLedger.Attribution.Reports;

/// <summary>Which records an answer owes how much, and which of its parts stand in them: what a user is shown and a receipt cites.</summary>
/// <remarks>
/// Records are ordered by falling influence, then by id; spans by start, then by length. Influence and bits are floating-point and
/// therefore for people: only <see cref="AttributedRecord.WeightPpb"/> may be hashed, signed or paid. Immutable once created.
/// </remarks>
public sealed record AttributionReport
{
    /// <summary>Largest report that <see cref="FromJson"/> reads, in bytes: 64 MiB.</summary>
    public const int MaximumBytes = 64 << 20;

    /// <summary>The question.</summary>
    public required string Question { get; init; }

    /// <summary>The answer that is attributed.</summary>
    public required string Answer { get; init; }

    /// <summary>Name of the influence method.</summary>
    public required string Method { get; init; }

    /// <summary>Records, most helpful first.</summary>
    public required IReadOnlyList<AttributedRecord> Records { get; init; }

    /// <summary>Verbatim spans, by start.</summary>
    public required IReadOnlyList<AttributedSpan> Spans { get; init; }

    /// <summary>Share of the answer's UTF-16 code units that lie inside at least one span, from 0 to 1; 0 for an empty answer.</summary>
    public required double Coverage { get; init; }

    /// <summary>Puts a report together in canonical order.</summary>
    /// <param name="question">The question.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="method">Name of the influence method.</param>
    /// <param name="influences">Influence of each record on this answer; document i of the span corpus is the i-th entry.</param>
    /// <param name="allocation">The allocation of the same records.</param>
    /// <param name="spans">Spans of the answer, found in a corpus whose documents are the entries of <paramref name="influences"/>.</param>
    /// <exception cref="ArgumentException">The allocation lacks a record, or a span leaves the answer or names an unknown document.</exception>
    public static AttributionReport Create(
        string question, string answer, string method,
        IReadOnlyList<RecordInfluence> influences, RewardAllocation allocation, IReadOnlyList<TextSpan> spans)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(influences);
        ArgumentNullException.ThrowIfNull(allocation);
        ArgumentNullException.ThrowIfNull(spans);
        Dictionary<string, ulong> weights = allocation.Records.ToDictionary(static r => r.RecordId, static r => r.WeightPpb, StringComparer.Ordinal);
        AttributionReport report = new()
        {
            Question = question,
            Answer = answer,
            Method = method,
            Records = [.. influences.Select(record => new AttributedRecord
            {
                RecordId = record.RecordId,
                Contributor = record.Contributor,
                Influence = record.Influence,
                WeightPpb = weights.TryGetValue(record.RecordId, out ulong weight)
                    ? weight
                    : throw new ArgumentException($"The allocation lacks record '{record.RecordId}'; allocate over the same records.", nameof(allocation)),
            }).OrderByDescending(static r => r.Influence).ThenBy(static r => r.RecordId, StringComparer.Ordinal)],
            Spans = [.. spans.Select(span => new AttributedSpan
            {
                Start = span.Range.Start,
                Length = span.Range.Length,
                Bits = span.Bits,
                RecordIds = [.. span.Documents.Select(source => RecordOf(source.Document, influences)).Order(StringComparer.Ordinal)],
            }).OrderBy(static s => s.Start).ThenBy(static s => s.Length)],
            Coverage = CoverageOf(answer.Length, spans.Select(static s => (s.Range.Start, s.Range.Length))),
        };
        return report.Fault() is string fault ? throw new ArgumentException(fault) : report;
    }

    /// <summary>Writes the report as UTF-8 JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ReportJsonContext.Default.AttributionReport);

    /// <summary>Reads what <see cref="ToJson"/> writes.</summary>
    /// <param name="utf8">The bytes, from anywhere.</param>
    /// <exception cref="AttributionException">The bytes are too many, are no such JSON, or contradict themselves.</exception>
    public static AttributionReport FromJson(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaximumBytes)
        {
            throw new AttributionException(AttributionError.ReportTooLarge, $"The report has {utf8.Length} bytes; at most {MaximumBytes} are read.");
        }

        AttributionReport? report;
        try
        {
            report = JsonSerializer.Deserialize(utf8, ReportJsonContext.Default.AttributionReport);
        }
        catch (JsonException error)
        {
            throw new AttributionException(AttributionError.ReportMalformed, $"The report is not valid: {error.Message}", error);
        }

        if (report is null)
        {
            throw new AttributionException(AttributionError.ReportMalformed, "The report is null; it must be a JSON object.");
        }

        return report.Fault() is string fault ? throw new AttributionException(AttributionError.ReportInconsistent, fault) : report;
    }

    internal static double CoverageOf(int answerLength, IEnumerable<(int Start, int Length)> ranges)
    {
        long covered = 0;
        long end = 0;
        foreach ((int start, int length) in ranges.Order())
        {
            long rangeEnd = (long)start + length;
            covered += Math.Max(0, rangeEnd - Math.Max(end, start));
            end = Math.Max(end, rangeEnd);
        }

        return answerLength == 0 ? 0 : (double)covered / answerLength;
    }

    private static string RecordOf(int document, IReadOnlyList<RecordInfluence> influences) =>
        (uint)document < (uint)influences.Count
            ? influences[document].RecordId
            : throw new ArgumentException($"A span names document {document}; there are {influences.Count} records.", nameof(influences));

    private string? Fault()
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        ulong weights = 0;
        AttributedRecord? previous = null;
        foreach (AttributedRecord? record in Records)
        {
            if (record is null || string.IsNullOrEmpty(record.RecordId) || !ids.Add(record.RecordId))
            {
                return $"A record is missing, has no id, or has the id '{record?.RecordId}' of another.";
            }

            if (!double.IsFinite(record.Influence) || record.WeightPpb > RewardAllocation.TotalPpb)
            {
                return $"Record '{record.RecordId}' has influence {record.Influence} and weight {record.WeightPpb}; influence must be finite and weight at most {RewardAllocation.TotalPpb}.";
            }

            if (previous is not null && (previous.Influence < record.Influence
                || (previous.Influence == record.Influence && string.CompareOrdinal(previous.RecordId, record.RecordId) > 0)))
            {
                return $"Record '{record.RecordId}' is out of order; records stand by falling influence, then by id.";
            }

            weights += record.WeightPpb;
            previous = record;
        }

        if (weights is not 0 and not RewardAllocation.TotalPpb)
        {
            return $"The weights sum to {weights}; they must sum to {RewardAllocation.TotalPpb}, or to 0 where nobody earns.";
        }

        foreach (AttributedSpan? span in Spans)
        {
            if (span is null || span.Start < 0 || span.Length < 1 || span.Length > Answer.Length - span.Start || !double.IsFinite(span.Bits))
            {
                return $"A span from {span?.Start} of length {span?.Length} with {span?.Bits} bits does not lie in the answer of length {Answer.Length}.";
            }

            if (span.RecordIds.Count == 0 || span.RecordIds.Any(id => id is null || !ids.Contains(id)))
            {
                return $"The span from {span.Start} names no record, or one that is not in the report.";
            }
        }

        double coverage = CoverageOf(Answer.Length, Spans.Select(static s => (s.Start, s.Length)));
        return Coverage == coverage ? null : $"The coverage is {Coverage}, but the spans cover {coverage}.";
    }
}
