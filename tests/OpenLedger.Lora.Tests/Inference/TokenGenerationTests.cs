using System.Numerics.Tensors;
using OpenLedger.Lora.Inference;

namespace OpenLedger.Lora.Tests.Inference;

public class TokenGenerationTests
{
    private static readonly TinyLlama Tiny = new();

    [Fact]
    public void Generate_Greedy_EqualsStepwiseArgmax()
    {
        int[] expected = Greedy([5, 6], 30);
        Assert.Equal(expected, Tiny.Model.CreateSession().Generate([5, 6], new GenerationOptions { MaxTokens = 30 }));
    }

    [Fact]
    public async Task GenerateAsync_EqualsTheSynchronousSequence()
    {
        GenerationOptions options = new() { MaxTokens = 12, Temperature = 0.9, TopP = 0.9, Seed = 5 };
        List<int> actual = [];
        await foreach (int token in Tiny.Model.CreateSession().GenerateAsync([5, 6], options))
        {
            actual.Add(token);
        }

        Assert.Equal(Tiny.Model.CreateSession().Generate([5, 6], options), actual);
    }

    [Fact]
    public void TryNext_StopToken_EndsWithoutIt()
    {
        int[] free = Greedy([5], 20);
        int stop = free[3];
        TokenGeneration generation = new(Tiny.Model.CreateSession(), [5], new GenerationOptions { MaxTokens = 20, StopTokens = [stop] });
        List<int> tokens = Drain(generation);
        Assert.Equal(free.TakeWhile(t => t != stop), tokens);
        Assert.Equal(GenerationEnd.StopToken, generation.End);
        Assert.Equal(tokens.Count, generation.Count);
        Assert.False(generation.TryNext(out _));
    }

    [Fact]
    public void TryNext_MaxTokens_Ends()
    {
        TokenGeneration generation = new(Tiny.Model.CreateSession(), [5], new GenerationOptions { MaxTokens = 4 });
        Assert.Equal(4, Drain(generation).Count);
        Assert.Equal(GenerationEnd.MaxTokens, generation.End);
    }

    [Fact]
    public void TryNext_ContextFull_EndsAfterTheLastUsablePosition()
    {
        TinyLlama tiny = new(maxPositions: 10);
        TokenGeneration generation = new(tiny.Model.CreateSession(), [1, 2, 3], new GenerationOptions());

        // Positions 3 to 9 take seven generated tokens, and the logits after the last of them give one more.
        Assert.Equal(8, Drain(generation).Count);
        Assert.Equal(GenerationEnd.ContextFull, generation.End);
    }

    [Fact]
    public void TryNext_Cancelled_CanBeRepeated()
    {
        TokenGeneration generation = new(Tiny.Model.CreateSession(), [5], new GenerationOptions { MaxTokens = 3 });
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.True(generation.TryNext(out int first));
        Assert.Throws<OperationCanceledException>(() => generation.TryNext(out _, source.Token));
        int[] all = [first, .. Drain(generation)];
        Assert.Equal(Greedy([5], 3), all);
    }

    [Fact]
    public void Constructor_WrongPrompt_IsRefusedEagerly()
    {
        Assert.Throws<ArgumentException>(() => Tiny.Model.CreateSession().Generate([], new GenerationOptions()));
        Assert.Throws<ArgumentException>(() => Tiny.Model.CreateSession().Generate(new int[301], new GenerationOptions()));
        Assert.Throws<ArgumentException>(() => Tiny.Model.CreateSession().Generate([1], new GenerationOptions { MaxTokens = -1 }));
    }

    private static List<int> Drain(TokenGeneration generation)
    {
        List<int> tokens = [];
        while (generation.TryNext(out int token))
        {
            tokens.Add(token);
        }

        return tokens;
    }

    private static int[] Greedy(int[] prompt, int count)
    {
        DecodeSession session = Tiny.Model.CreateSession();
        int next = TensorPrimitives.IndexOfMax(session.Prefill(prompt));
        List<int> tokens = [next];
        while (tokens.Count < count)
        {
            next = TensorPrimitives.IndexOfMax(session.Decode(next));
            tokens.Add(next);
        }

        return [.. tokens];
    }
}
