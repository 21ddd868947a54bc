namespace OpenLedger.Attribution.Tests.Reference;

/// <summary>Span matching by trying everything. Never optimise this.</summary>
internal static class SlowSpans
{
    public static int[] SuffixArray(int[] text) =>
        [.. Enumerable.Range(0, text.Length).OrderBy(i => text[i..], Comparer<int[]>.Create(Compare))];

    public static int Compare(int[] x, int[] y) => x.AsSpan().SequenceCompareTo(y);

    public static int Count(int[][] documents, int[] sequence) => documents.Sum(document => Offsets(document, sequence).Count());

    public static IEnumerable<int> Offsets(int[] document, int[] sequence) =>
        Enumerable.Range(0, document.Length - sequence.Length + 1 is var count and > 0 ? count : 0)
            .Where(offset => document.AsSpan(offset, sequence.Length).SequenceEqual(sequence));

    /// <summary>Every occurring run that cannot grow to either side and still occur.</summary>
    public static (int Start, int Length)[] MaximalSpans(int[][] documents, int[] answer, int minimumLength)
    {
        List<(int, int)> spans = [];
        for (int start = 0; start < answer.Length; start++)
        {
            for (int length = minimumLength; start + length <= answer.Length; length++)
            {
                bool Occurs(int from, int count) => from >= 0 && from + count <= answer.Length && Count(documents, answer[from..(from + count)]) > 0;
                if (Occurs(start, length) && !Occurs(start - 1, length + 1) && !Occurs(start, length + 1))
                {
                    spans.Add((start, length));
                }
            }
        }

        return [.. spans];
    }
}
