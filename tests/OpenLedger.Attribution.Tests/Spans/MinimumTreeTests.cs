using CsCheck;
using OpenLedger.Attribution.Spans;

namespace OpenLedger.Attribution.Tests.Spans;

public class MinimumTreeTests
{
    [Fact]
    public void PreviousAndNextBelow_RandomValues_EqualAScan() =>
        Gen.Select(Gen.Int[0, 20].Array[1, 700], Gen.Int[0, 21]).Sample((values, bound) =>
        {
            MinimumTree tree = new(values);
            for (int index = 0; index < values.Length; index++)
            {
                Assert.Equal(Array.FindLastIndex(values, index, value => value < bound), tree.PreviousBelow(index, bound));
                int next = Array.FindIndex(values, index, value => value < bound);
                Assert.Equal(next < 0 ? values.Length : next, tree.NextBelow(index, bound));
            }

            Assert.Equal(values.Length, tree.NextBelow(values.Length, bound));
        }, iter: 300);
}
