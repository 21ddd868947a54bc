using OpenLedger.Attribution.Influence.Kernels;
using OpenLedger.Attribution.Tests.Reference;

namespace OpenLedger.Attribution.Tests.Influence.Kernels;

public class OrderedDotTests
{
    [Fact]
    public void Dot_EveryLengthTo256_EqualsTheDefinedOrderBitForBit()
    {
        Random random = new(3);
        for (int length = 0; length <= 256; length++)
        {
            double[] x = [.. Enumerable.Range(0, length).Select(_ => Samples.Normal(random))];
            double[] y = [.. Enumerable.Range(0, length).Select(_ => Samples.Normal(random))];
            Assert.Equal(DefinedOrder(x, y), OrderedDot.Dot(x, y));
        }
    }

    private static double DefinedOrder(double[] x, double[] y)
    {
        double[] lanes = new double[16];
        int whole = x.Length / 16 * 16;
        for (int k = 0; k < whole; k++)
        {
            double product = x[k] * y[k];
            lanes[k % 16] += product;
        }

        double[] four = [.. Enumerable.Range(0, 4).Select(i => (lanes[i] + lanes[i + 8]) + (lanes[i + 4] + lanes[i + 12]))];
        double sum = (four[0] + four[2]) + (four[1] + four[3]);
        for (int k = whole; k < x.Length; k++)
        {
            double product = x[k] * y[k];
            sum += product;
        }

        return sum;
    }
}
