using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Tests.Reference;

namespace OpenLedger.Attribution.Tests.Gradients;

public class GradientMatrixTests
{
    [Fact]
    public void Row_Block_IsThatPartOfTheRow()
    {
        GradientMatrix matrix = new(new GradientLayout([("a", 2), ("b", 3)]), 2);
        matrix.Row(1, 1)[2] = 7;
        Assert.Equal([0, 0, 0, 0, 7], matrix.Row(1).ToArray());
        Assert.Equal([0, 0, 0, 0, 0], matrix.Row(0).ToArray());
        Assert.Equal(new GradientBlock("b", 2, 3), matrix.Layout.Blocks[1]);
    }

    [Fact]
    public void Row_Outside_IsRefused()
    {
        GradientMatrix matrix = Samples.Gradients(1, 2, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Row(2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Row(-1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Row(0, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Row(0, -1).Length);
    }

    [Fact]
    public void Slice_Rows_SharesTheirMemory()
    {
        GradientMatrix matrix = Samples.Gradients(1, 4, 3);
        GradientMatrix slice = matrix.Slice(1, 2);
        slice.Row(0)[0] = 42;
        Assert.Equal(42, matrix.Row(1)[0]);
        Assert.Equal(2, slice.SampleCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Slice(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Slice(1, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Slice(-1, 1));
    }

    [Fact]
    public void Layout_Unusable_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new GradientLayout([]));
        Assert.Throws<ArgumentException>(() => new GradientLayout([("a", 1), ("a", 1)]));
        Assert.Throws<ArgumentException>(() => new GradientLayout([("", 1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientLayout([("a", 0)]));
        Assert.Throws<ArgumentException>(() => new GradientLayout([("a", int.MaxValue), ("b", int.MaxValue)]));
    }

    [Fact]
    public void Layout_Equality_IsByNamesLengthsAndOrder()
    {
        GradientLayout layout = new([("a", 1), ("b", 2)]);
        Assert.Equal(layout, new GradientLayout([("a", 1), ("b", 2)]));
        Assert.NotEqual(layout, new GradientLayout([("b", 2), ("a", 1)]));
        Assert.NotEqual(layout, new GradientLayout([("a", 1), ("b", 3)]));
        Assert.NotEqual(layout, new GradientLayout([("a", 1), ("c", 2)]));
    }
}
