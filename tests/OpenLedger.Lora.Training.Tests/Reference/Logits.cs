using OpenLedger.Lora.Training.Autograd;
using TorchSharp;

namespace OpenLedger.Lora.Training.Tests.Reference;

/// <summary>Runs the TorchSharp executor over plain arrays.</summary>
internal static class Logits
{
    /// <summary>Row-major <c>[batch · tokens, vocabulary]</c>.</summary>
    public static float[] Of(TorchDecoder model, TorchLora? adapter, params int[][] sequences)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor ids = torch.tensor([.. sequences.SelectMany(s => s).Select(t => (long)t)], [sequences.Length, sequences[0].Length]);
        return model.Logits(model.Hidden(ids, adapter)).data<float>().ToArray();
    }

    public static double LargestDifference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            // Written so that NaN counts as a difference.
            double difference = Math.Abs((double)expected[i] - actual[i]);
            largest = difference <= largest ? largest : difference;
        }

        return largest;
    }
}
