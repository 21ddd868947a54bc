using System.Runtime.Intrinsics;
using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Lora.Tests.Reference;

namespace OpenLedger.Lora.Tests.Kernels;

public unsafe class ScaledRowsTests
{
    private delegate void Update(float* u, float* b, float* y, int rows, int m);

    [Fact]
    public void Add_EdgeLengths_EqualTheReference()
    {
        AssertAllLengths((u, b, y, rows, m) => ScaledRows.Add(new ReadOnlySpan<float>(u, rows), new ReadOnlySpan<float>(b, rows * m), new Span<float>(y, m)));
        AssertAllLengths((u, b, y, rows, m) => ScaledRows.Add<Lanes512, Vector512<float>>(u, b, y, rows, m));
        AssertAllLengths((u, b, y, rows, m) => ScaledRows.Add<Lanes256, Vector256<float>>(u, b, y, rows, m));
        AssertAllLengths((u, b, y, rows, m) => ScaledRows.Add<Lanes128, Vector128<float>>(u, b, y, rows, m));
        AssertAllLengths((u, b, y, rows, m) => ScaledRows.Add<ScalarLane, float>(u, b, y, rows, m));
    }

    private static void AssertAllLengths(Update update)
    {
        for (int m = 0; m <= 256; m += m < 70 ? 1 : 31)
        {
            foreach (int rows in (int[])[0, 1, 3, 8, 33])
            {
                Random random = new((m * 100) + rows);
                float[] u = TinyLlama.RandomArray(random, rows);
                float[] b = TinyLlama.RandomArray(random, rows * m);
                float[] y = [.. TinyLlama.RandomArray(random, m), 77, 77];
                double[] expected = ReferenceKernels.AddScaledRows(u, b, y.AsSpan(0, m));
                fixed (float* pu = u, pb = b, py = y)
                {
                    update(pu, pb, py, rows, m);
                }

                for (int i = 0; i < m; i++)
                {
                    Assert.Equal(expected[i], y[i], (rows + 1) * (rows + 1) * 6e-8);
                }

                Assert.Equal([77f, 77f], y[m..]);
            }
        }
    }
}
