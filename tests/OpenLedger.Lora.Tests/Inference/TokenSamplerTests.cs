using CsCheck;
using OpenLedger.Lora.Inference;

namespace OpenLedger.Lora.Tests.Inference;

public class TokenSamplerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void Sample_VocabularyLimit_NeverChoosesPaddingRows(double temperature)
    {
        TokenSampler sampler = new(new GenerationOptions { Temperature = temperature, VocabularyLimit = 2 });
        Assert.All(Enumerable.Range(0, 50), _ => Assert.InRange(sampler.Sample([0, 1, 9, float.NaN]), 0, 1));
    }

    [Fact]
    public void Sample_ZeroTemperature_TakesTheFirstOfTheBest() =>
        Assert.Equal(1, new TokenSampler(new GenerationOptions()).Sample([0, 3, float.NegativeInfinity, 3]));

    [Fact]
    public void Sample_Temperature_FollowsTheSoftmax()
    {
        float[] logits = [0, 1, 2, -5];
        double[] expected = [.. logits.Select(l => Math.Exp(l / 0.7))];
        AssertFrequencies(logits, new GenerationOptions { Temperature = 0.7, Seed = 42 }, [.. expected.Select(e => e / expected.Sum())]);
    }

    [Fact]
    public void Sample_TopK_KeepsTheMostProbable() =>
        AssertFrequencies([0, 1, 1, 1, -9], new GenerationOptions { Temperature = 1, TopK = 2, Seed = 3 }, [0, 0.5, 0.5, 0, 0]);

    [Theory]
    [InlineData(0.4, new[] { 0.0, 0, 1, 0 })]
    [InlineData(0.5, new[] { 0.0, 0, 1, 0 })]
    [InlineData(0.51, new[] { 0.375, 0, 0.625, 0 })]
    [InlineData(0.95, new[] { 0.3, 0.15, 0.5, 0.05 })]
    [InlineData(1.0, new[] { 0.3, 0.15, 0.5, 0.05 })]
    public void Sample_TopP_KeepsTheSmallestSetThatReachesTheSum(double topP, double[] expected)
    {
        // ln p, so that the probabilities are 0.3, 0.15, 0.5 and 0.05; the half is exact enough for "reaches".
        float[] logits = [(float)Math.Log(0.6), (float)Math.Log(0.3), 0, (float)Math.Log(0.1)];
        topP = topP == 0.5 ? 0.4999999 : topP;
        expected = topP == 0.95 ? [0.3 / 0.95, 0.15 / 0.95, 0.5 / 0.95, 0] : expected;
        AssertFrequencies(logits, new GenerationOptions { Temperature = 1, TopP = topP == 0.95 ? 0.9499 : topP, Seed = 9 }, expected);
    }

    [Fact]
    public void Sample_TopKThenTopP_Combine() =>
        AssertFrequencies([2, 2, 2, 2], new GenerationOptions { Temperature = 1, TopK = 3, TopP = 0.6, Seed = 1 }, [0.5, 0.5, 0, 0]);

    [Fact]
    public void Sample_Truncation_EqualsASlowReference() =>
        Gen.Select(Gen.Float[-8, 8].Array[1, 40], Gen.Int[0, 12], Gen.Double[0.05, 1], Gen.Int).Sample((logits, topK, topP, seed) =>
        {
            GenerationOptions options = new() { Temperature = 0.8, TopK = topK, TopP = topP, Seed = seed };
            HashSet<int> allowed = [.. ReferenceNucleus(logits, options)];
            TokenSampler sampler = new(options);
            for (int i = 0; i < 20; i++)
            {
                Assert.Contains(sampler.Sample(logits), allowed);
            }
        });

    [Fact]
    public void Sample_EqualSeeds_GiveEqualSequences()
    {
        float[] logits = new float[50];
        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));

        // Pinned to an independent SplitMix64: the generator is part of the contract, since answers are reproduced by their seed.
        Assert.Equal([19, 0, 45, 29, 22], Draw(7)[..5]);

        int[] Draw(long seed)
        {
            TokenSampler sampler = new(new GenerationOptions { Temperature = 1, Seed = seed });
            return [.. Enumerable.Range(0, 20).Select(_ => sampler.Sample(logits))];
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Sample_BrokenLogits_AreRefused(float broken) =>
        Assert.Throws<ArgumentException>(() => new TokenSampler(new GenerationOptions()).Sample([1, broken, 2]));

    [Fact]
    public void Validate_WrongOptions_AreAllListed()
    {
        string message = Assert.Throws<ArgumentException>(
            () => new TokenSampler(new GenerationOptions { MaxTokens = 0, Temperature = -1, TopK = -1, TopP = 0 })).Message;
        foreach (string name in (string[])["MaxTokens is 0", "Temperature is -1", "TopK is -1", "TopP is 0"])
        {
            Assert.Contains(name, message, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<int> ReferenceNucleus(float[] logits, GenerationOptions options)
    {
        var order = logits.Select((l, id) => (P: Math.Exp(l / options.Temperature), Id: id)).OrderByDescending(c => c.P).ThenBy(c => c.Id)
            .Take(options.TopK == 0 ? logits.Length : options.TopK).ToList();
        double target = options.TopP * order.Sum(c => c.P);
        double mass = 0;
        foreach ((double p, int id) in order)
        {
            // Slack for rounding in the sums.
            if (mass < target * (1 + 1e-9))
            {
                yield return id;
            }

            mass += p;
        }
    }

    private static void AssertFrequencies(float[] logits, GenerationOptions options, double[] expected)
    {
        const int Draws = 20_000;
        TokenSampler sampler = new(options);
        int[] counts = new int[logits.Length];
        for (int i = 0; i < Draws; i++)
        {
            counts[sampler.Sample(logits)]++;
        }

        for (int i = 0; i < logits.Length; i++)
        {
            // Five standard deviations of a binomial count; nothing at all where the probability is 0.
            double slack = 5 * Math.Sqrt(Draws * expected[i] * (1 - expected[i]));
            Assert.InRange(counts[i], (Draws * expected[i]) - slack, (Draws * expected[i]) + slack);
        }
    }
}
