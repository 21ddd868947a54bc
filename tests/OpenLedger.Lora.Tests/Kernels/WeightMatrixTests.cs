using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Lora.Tests.Reference;

namespace OpenLedger.Lora.Tests.Kernels;

public class WeightMatrixTests
{
    private static readonly int[] Tokens = [1, 2, 3, 5, 8, 9, 33];

    private static readonly int[] Sizes = [1, 7, 31, 32, 33, 64, 100, 257];

    [Theory]
    [InlineData("F32")]
    [InlineData("BF16")]
    [InlineData("F16")]
    public void Multiply_EveryFloatFormat_EqualsTheReference(string format)
    {
        foreach (int m in Sizes)
        {
            foreach (int n in Sizes)
            {
                Random random = new((m * 1000) + n);
                WeightMatrix weight = Create(format, TinyLlama.RandomArray(random, m * n), m, n);
                float[] w = weight.ToSingles();
                foreach (int tokens in Tokens)
                {
                    float[] x = TinyLlama.RandomArray(random, tokens * n);
                    float[] y = new float[tokens * m];
                    weight.Multiply(x, tokens, WorkerLimit.Single, y);
                    double[] expected = ReferenceKernels.Multiply(x, w, tokens, m, n);
                    for (int i = 0; i < y.Length; i++)
                    {
                        Assert.True(Math.Abs(expected[i] - y[i]) <= n * n * 6e-8, $"{format}, tokens {tokens}, m {m}, n {n}, at {i}: {expected[i]} against {y[i]}");
                    }
                }
            }
        }
    }

    private static WeightMatrix Create(string format, float[] w, int m, int n) => format switch
    {
        "F32" => new SingleMatrix(w, m, n),
        "BF16" => new BFloat16Matrix(Array.ConvertAll(w, v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16)), m, n),
        _ => new HalfMatrix(Array.ConvertAll(w, v => (Half)v), m, n),
    };
}
