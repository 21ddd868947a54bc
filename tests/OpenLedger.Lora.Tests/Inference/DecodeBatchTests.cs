using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Tests.Inference;

public class DecodeBatchTests
{
    private const int Vocabulary = 61;

    private static readonly DecoderDescription[] Descriptions =
    [
        RandomDecoder.Llama,
        RandomDecoder.Llama with { Positions = PositionKind.Learned, Norm = NormKind.LayerNorm, GatedMlp = false, MlpBias = true, QueryKeyValueBias = true },
        RandomDecoder.Llama with { Positions = PositionKind.Alibi, Alibi = new(), Layout = BlockLayout.ParallelOneNorm },
        RandomDecoder.Llama with { Window = 20, WindowedLayers = [0], LocalRope = new() { Theta = 100 }, Layout = BlockLayout.Sandwich, QueryKeyNorm = true },
        RandomDecoder.Llama with { Positions = PositionKind.RotaryInTwoDimensions, Layout = BlockLayout.NormedResidual, ResidualScale = 2 },
        RandomDecoder.Llama with
        {
            Rope = new() { Scaling = new() { Kind = RotaryScalingKind.Dynamic, Factor = 2, OriginalMaxPositions = 30 } },
        },
    ];

    public static TheoryData<int> Models { get; } = [.. Enumerable.Range(0, Descriptions.Length)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Decode_SequencesOfManyLengthsAndAdapters_EqualsEachAloneBitForBit(int model)
    {
        RandomDecoder random = new(Descriptions[model]);
        LoraAdapter?[] adapters = [null, random.RandomAdapter(4, 2), random.RandomAdapter(5, 7), null, random.RandomAdapter(6, 1)];
        int[] prompts = [5, 70, 1, 130, 33];
        DecodeBatch batch = random.Model.CreateBatch();
        DecodeSession[] alone = new DecodeSession[5];
        for (int i = 0; i < 5; i++)
        {
            DecodeSession member = random.Model.CreateSession(adapters[i]);
            alone[i] = random.Model.CreateSession(adapters[i]);
            member.Prefill(random.RandomTokens(prompts[i], i));
            alone[i].Prefill(random.RandomTokens(prompts[i], i));
            batch.Add(member);
        }

        for (int step = 0; step < 12; step++)
        {
            int[] tokens = random.RandomTokens(5, 100 + step);
            AssertRows(batch.Decode(tokens).ToArray(), i => alone[i].Decode(tokens[i]).ToArray(), 5);
        }

        // Leaving and joining in between: the others must not notice.
        DecodeSession left = batch.Sessions[1];
        Assert.True(batch.Remove(left));
        Assert.False(batch.Remove(left));
        (alone[1], alone[2], alone[3], alone[4]) = (alone[2], alone[3], alone[4], alone[1]);
        AssertRows(batch.Decode([1, 2, 3, 4]).ToArray(), i => alone[i].Decode(i + 1).ToArray(), 4);
        batch.Add(left);
        AssertRows(batch.Decode([6, 7, 8, 9, 10]).ToArray(), i => alone[i].Decode(i + 6).ToArray(), 5);
        Assert.Equal(alone.Select(s => s.Position), batch.Sessions.Select(s => s.Position));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Prefill_PromptsBesideSingleTokens_EqualsEachAlone(int model)
    {
        RandomDecoder random = new(Descriptions[model]);
        LoraAdapter adapter = random.RandomAdapter();
        DecodeBatch batch = random.Model.CreateBatch();
        DecodeSession[] alone = [.. Enumerable.Range(0, 6).Select(i => random.Model.CreateSession(i % 2 == 0 ? adapter : null))];
        foreach (DecodeSession session in alone)
        {
            batch.Add(random.Model.CreateSession(session.Adapter));
        }

        // More than one pass in all; one prompt longer than a pass; sessions that sit out.
        foreach (int[] counts in (int[][])[[60, 0, 50, 1, 140, 30], [1, 3, 0, 80, 1, 1], [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 2, 0], [2, 0, 0, 2, 2, 0]])
        {
            int[] tokens = random.RandomTokens(counts.Sum(), counts[0]);
            float[] logits = batch.Prefill(tokens, counts).ToArray();
            int at = 0;
            for (int i = 0; i < counts.Length; at += counts[i++])
            {
                if (counts[i] > 0)
                {
                    Assert.Equal(alone[i].Prefill(tokens.AsSpan(at, counts[i])).ToArray(), logits[(i * Vocabulary)..((i + 1) * Vocabulary)]);
                }
            }

            Assert.Equal(alone.Select(s => s.Position), batch.Sessions.Select(s => s.Position));
        }
    }

    [Fact]
    public void Decode_ManyThreads_GivesTheSame()
    {
        DecoderDescription description = RandomDecoder.Llama with { HiddenSize = 256, IntermediateSize = 700, HeadCount = 12, KeyValueHeadCount = 4, HeadSize = 32 };
        RandomDecoder random = new(description);
        CausalLM parallel = CausalLM.FromWeights("parallel", description, random.Weight, new InferenceOptions { MaxThreads = 4 });
        int[] prompt = random.RandomTokens(260);
        float[] expected = random.Model.CreateSession().Prefill(prompt).ToArray();
        DecodeBatch batch = parallel.CreateBatch();
        batch.Add(parallel.CreateSession());
        batch.Add(parallel.CreateSession());
        float[] actual = batch.Prefill((int[])[.. prompt, .. prompt], [260, 260]).ToArray();
        Assert.Equal((float[])[.. expected, .. expected], actual);
    }

    [Fact]
    public void Decode_CancelledOrRejected_LeavesAllSequencesAsTheyWere()
    {
        RandomDecoder random = new(RandomDecoder.Llama);
        DecodeBatch batch = random.Model.CreateBatch();
        for (int i = 0; i < 3; i++)
        {
            batch.Add(random.Model.CreateSession());
            batch.Sessions[i].Prefill(random.RandomTokens(10 + i));
        }

        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => batch.Decode([1, 2, 3], source.Token).Length);
        Assert.Contains("legal is 0 to 60", Assert.Throws<ArgumentOutOfRangeException>(() => batch.Decode([1, 2, 61]).Length).Message, StringComparison.Ordinal);
        Assert.Contains("2 tokens for 3 sessions", Assert.Throws<ArgumentException>(() => batch.Decode([1, 2]).Length).Message, StringComparison.Ordinal);
        Assert.Contains("add up to 4; there are 3", Assert.Throws<ArgumentException>(() => batch.Prefill([1, 2, 3], [1, 1, 2]).Length).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => batch.Prefill([1, 2, 3], [1, 2]).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Prefill([1, 2, 3], [4, -1, 0]).Length);
        Assert.Equal([10, 11, 12], batch.Sessions.Select(s => s.Position));
        Assert.Equal(0, random.Model.CreateBatch().Decode([]).Length);

        float[] logits = batch.Decode([7, 8, 9]).ToArray();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(random.Model.CreateSession().Prefill((int[])[.. random.RandomTokens(10 + i), 7 + i]).ToArray(), logits[(i * Vocabulary)..((i + 1) * Vocabulary)]);
        }
    }

    [Fact]
    public void Add_SessionOfAnotherModelOrTwice_IsRefused()
    {
        RandomDecoder random = new(RandomDecoder.Llama);
        DecodeBatch batch = random.Model.CreateBatch();
        DecodeSession session = random.Model.CreateSession();
        batch.Add(session);
        Assert.Throws<ArgumentException>(() => batch.Add(session));
        Assert.Throws<ArgumentException>(() => batch.Add(new RandomDecoder(RandomDecoder.Llama).Model.CreateSession()));
        Assert.Same(session, Assert.Single(batch.Sessions));
    }

    [Fact]
    public void Decode_Steadily_AllocatesNothing()
    {
        RandomDecoder random = new(RandomDecoder.Llama);
        LoraAdapter adapter = random.RandomAdapter();
        DecodeBatch batch = random.Model.CreateBatch();
        for (int i = 0; i < 12; i++)
        {
            batch.Add(random.Model.CreateSession(i % 3 == 0 ? adapter : null));
        }

        DecodeSession single = random.Model.CreateSession(adapter);
        int[] tokens = new int[12];
        float sum = 0;
        for (int step = 0; step < 66; step++)
        {
            sum += batch.Decode(tokens)[step] + single.Decode(step % 61)[0];
        }

        // Positions 66 to 127 lie in pages that exist by now.
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 60; step++)
        {
            sum += batch.Decode(tokens)[step] + single.Decode(step % 61)[0];
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(float.IsFinite(sum));
    }

    private static void AssertRows(float[] logits, Func<int, float[]> expected, int rows)
    {
        Assert.Equal(rows * Vocabulary, logits.Length);
        for (int i = 0; i < rows; i++)
        {
            Assert.Equal(expected(i), logits[(i * Vocabulary)..((i + 1) * Vocabulary)]);
        }
    }
}
