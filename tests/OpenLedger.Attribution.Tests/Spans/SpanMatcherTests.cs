using CsCheck;
using OpenLedger.Attribution.Spans;
using OpenLedger.Attribution.Tests.Reference;

namespace OpenLedger.Attribution.Tests.Spans;

public class SpanMatcherTests
{
    private static readonly SpanMatchOptions EveryLength = new() { MinimumLength = 1, MinimumBits = double.NegativeInfinity };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Match_RandomDocuments_EqualsTryingEverything(int alphabet) =>
        Gen.Select(Gen.Int[0, alphabet - 1].Array[0, 14].Array[0, 6], Gen.Int[0, alphabet].Array[0, 14], Gen.Int[1, 3]).Sample(
            (documents, answer, minimum) =>
            {
                CorpusIndex index = CorpusIndex.Build(documents);
                IReadOnlyList<SpanMatch> spans = new SpanMatcher(index, EveryLength with { MinimumLength = minimum }).Match(answer);
                Assert.Equal(SlowSpans.MaximalSpans(documents, answer, minimum), spans.Select(s => (s.Start, s.Length)));
                foreach (SpanMatch span in spans)
                {
                    int[] sequence = answer[span.Start..(span.Start + span.Length)];
                    Assert.Equal(SlowSpans.Count(documents, sequence), span.OccurrenceCount);
                    Assert.Equal(
                        documents.Select((d, i) => (Document: i, Offset: SlowSpans.Offsets(d, sequence).DefaultIfEmpty(-1).First())).Where(o => o.Offset >= 0),
                        span.Documents.Select(o => (o.Document, o.Offset)));
                    Assert.Equal(Bits(documents, answer, sequence), span.Bits, 1e-9);
                }
            }, iter: 3000);

    [Fact]
    public void CountOccurrences_RandomDocuments_EqualsTryingEverything() =>
        Gen.Select(Gen.Int[0, 2].Array[0, 14].Array[0, 6], Gen.Int[0, 3].Array[1, 4]).Sample((documents, sequence) =>
            Assert.Equal(SlowSpans.Count(documents, sequence), CorpusIndex.Build(documents).CountOccurrences(sequence)), iter: 2000);

    [Theory]
    [MemberData(nameof(SuffixArrayTests.Adversaries), MemberType = typeof(SuffixArrayTests))]
    public void Match_AnswerEqualToALongAdversarialDocument_IsOneSpan(string name)
    {
        int[] text = SuffixArrayTests.Adversary(name, 50_000);
        SpanMatch span = Assert.Single(new SpanMatcher(CorpusIndex.Build([text]), EveryLength).Match(text));
        Assert.Equal((0, text.Length, 1), (span.Start, span.Length, span.OccurrenceCount));
    }

    [Fact]
    public void Match_TextAcrossTwoDocuments_IsNotOneSpan()
    {
        CorpusIndex index = CorpusIndex.Build([[1, 2, 3], [4, 5, 6]]);
        IReadOnlyList<SpanMatch> spans = new SpanMatcher(index, EveryLength).Match([2, 3, 4, 5]);
        Assert.Equal([(0, 2), (2, 2)], spans.Select(s => (s.Start, s.Length)));
        Assert.Equal(0, index.CountOccurrences([3, 4]));
    }

    [Fact]
    public void Match_NegativeAndExtremeTokens_AreTokensLikeOthers()
    {
        CorpusIndex index = CorpusIndex.Build([[int.MinValue, -1, int.MaxValue]]);
        Assert.Equal((0, 3), Assert.Single(new SpanMatcher(index, EveryLength).Match([int.MinValue, -1, int.MaxValue])) is var s ? (s.Start, s.Length) : default);
    }

    [Fact]
    public void Match_CommonPhrase_EarnsNoBits()
    {
        // One word over and over: every match of it is expected by chance.
        CorpusIndex index = CorpusIndex.Build([[.. Enumerable.Repeat(7, 1000), 1, 2, 3, 4]]);
        Assert.Empty(new SpanMatcher(index).Match([7, 7, 7, 7, 7]));
        Assert.True(Assert.Single(new SpanMatcher(index).Match([9, 1, 2, 3, 4, 9])).Bits > 20);
    }

    [Fact]
    public void Match_NothingToMatch_IsEmpty()
    {
        Assert.Empty(new SpanMatcher(CorpusIndex.Build([])).Match([1, 2, 3]));
        Assert.Empty(new SpanMatcher(CorpusIndex.Build([[], []]), EveryLength).Match([1, 2, 3]));
        Assert.Empty(new SpanMatcher(CorpusIndex.Build([[1, 2, 3]]), EveryLength).Match([]));
    }

    [Fact]
    public void SpanMatchOptions_SeveralFaults_AreReportedAtOnce() => Assert.Equal(
        "SpanMatchOptions: MinimumLength is 0; a span has at least 1 token. MinimumBits is NaN; use a finite number, or negative infinity to keep every span.",
        Assert.Throws<ArgumentException>(() => new SpanMatcher(CorpusIndex.Build([]), new() { MinimumLength = 0, MinimumBits = double.NaN })).Message);

    private static double Bits(int[][] documents, int[] answer, int[] sequence)
    {
        double n = documents.Sum(d => d.Length);
        return sequence.Sum(token => -Math.Log2(documents.Sum(d => d.Count(t => t == token)) / n)) - Math.Log2(answer.Length * n);
    }
}
