using OpenLedger.Datanets.Deduplication.Near;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Deduplication.Near;

/// <summary>What the fast signatures cost in quality: pairs of known similarity against the exact probabilities.</summary>
public sealed class MinHashQualityTests
{
    private const int Pairs = 4000;
    private const int Union = 240;
    private const double Sigmas = 4.5; // about 1 false alarm in 150,000 comparisons

    private static readonly MinHashOptions Options = new();

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.6)]
    [InlineData(0.7)]
    [InlineData(0.75)]
    [InlineData(0.8)]
    [InlineData(0.85)]
    [InlineData(0.9)]
    [InlineData(0.95)]
    public void Sign_PairsOfKnownSimilarity_AreCaughtAsTheCurveSays(double similarity)
    {
        int caught = 0;
        double sum = 0;
        double squares = 0;
        byte[] left = new byte[112];
        byte[] right = new byte[112];
        Random random = new((int)(similarity * 1000));
        for (int pair = 0; pair < Pairs; pair++)
        {
            MinHasher hasher = new(Options with { Seed = pair % 50 });
            (ulong[] a, ulong[] b) = PairOf(similarity, random);
            hasher.SignShingles(a, left);
            hasher.SignShingles(b, right);
            caught += SharesABand(left, right) ? 1 : 0;
            double estimate = ((MinHashSignature.CountEqual(left, right) / 112d) - (1 / 256d)) / (255 / 256d);
            sum += estimate;
            squares += (estimate - similarity) * (estimate - similarity);
        }

        // A row of 8 bits agrees by chance once in 256: the only departure from the exact curve, at most 0.006 of probability.
        double probability = Options.CandidateProbability(similarity + ((1 - similarity) / 256));
        Assert.InRange(probability - Options.CandidateProbability(similarity), 0, 0.006);
        double deviation = Math.Sqrt(probability * (1 - probability) / Pairs);
        Assert.InRange(caught / (double)Pairs, probability - (Sigmas * deviation), probability + (Sigmas * deviation));

        // Unbiased, and no noisier than 112 independent rows plus the rounding to 8 bits (2 % more variance) and to a third of a sigma.
        double variance = similarity * (1 - similarity) / 112;
        Assert.InRange(sum / Pairs, similarity - (Sigmas * Math.Sqrt(variance / Pairs)), similarity + (Sigmas * Math.Sqrt(variance / Pairs)));
        double tolerance = 0.02 + (Sigmas * Math.Sqrt(2d / Pairs));
        Assert.InRange(squares / Pairs / variance, 1 - tolerance, 1 + tolerance);
    }

    [Fact]
    public void Classic_PairsOfKnownSimilarity_AreCaughtAsTheCurveSays()
    {
        const double Similarity = 0.75;
        const int FewerPairs = 300;
        int caught = 0;
        Random random = new(3);
        for (int pair = 0; pair < FewerPairs; pair++)
        {
            (ulong[] a, ulong[] b) = PairOf(Similarity, random);
            ulong[] left = ReferenceMinHash.Classic(a, 112, new Random(pair));
            ulong[] right = ReferenceMinHash.Classic(b, 112, new Random(pair));
            caught += Enumerable.Range(0, 14).Any(band => left.AsSpan(band * 8, 8).SequenceEqual(right.AsSpan(band * 8, 8))) ? 1 : 0;
        }

        double probability = Options.CandidateProbability(Similarity);
        double deviation = Math.Sqrt(probability * (1 - probability) / FewerPairs);
        Assert.InRange(caught / (double)FewerPairs, probability - (Sigmas * deviation), probability + (Sigmas * deviation));
    }

    [Fact]
    public void Sign_DifferentTexts_AgreeNoMoreOftenThanBytesByChance()
    {
        const int Texts = 2000;
        MinHasher hasher = new(Options);
        foreach (int size in (int[])[1, 2, 5, 240])
        {
            Random random = new(size);
            byte[][] signatures = [.. Enumerable.Range(0, Texts).Select(_ =>
            {
                byte[] signature = new byte[112];
                hasher.SignShingles([.. Enumerable.Range(0, size).Select(_ => NextHash(random))], signature);
                return signature;
            })];
            long equal = 0;
            int bands = 0;
            for (int i = 1; i < Texts; i++)
            {
                equal += MinHashSignature.CountEqual(signatures[i - 1], signatures[i]);
                bands += SharesABand(signatures[i - 1], signatures[i]) ? 1 : 0;
            }

            double expected = (Texts - 1) * 112 / 256d;
            Assert.InRange(equal, expected - (Sigmas * Math.Sqrt(expected)), expected + (Sigmas * Math.Sqrt(expected)));
            Assert.Equal(0, bands);
        }
    }

    [Fact]
    public void Sign_SingleShinglesEqualInOneHalf_ShareNoBand()
    {
        MinHasher hasher = new(Options);
        byte[] left = new byte[112];
        byte[] right = new byte[112];
        hasher.SignShingles([0x12345678_9ABCDEF0], left);
        hasher.SignShingles([0x92345678_9ABCDEF0], right);
        Assert.InRange(MinHashSignature.CountEqual(left, right), 56, 60);
        Assert.False(SharesABand(left, right));
    }

    internal static (ulong[] A, ulong[] B) PairOf(double similarity, Random random)
    {
        int shared = (int)Math.Round(Union * similarity);
        ulong[] all = [.. Enumerable.Range(0, Union).Select(_ => NextHash(random))];
        int middle = shared + ((Union - shared) / 2);
        return (all[..middle], [.. all[..shared], .. all[middle..]]);
    }

    private static ulong NextHash(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    private static bool SharesABand(byte[] left, byte[] right) =>
        Enumerable.Range(0, 14).Any(band => left.AsSpan(band * 8, 8).SequenceEqual(right.AsSpan(band * 8, 8)));
}
