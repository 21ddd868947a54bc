using CsCheck;
using OpenLedger.Lora.Serving;

namespace OpenLedger.Lora.Tests.Serving;

public class StopSequenceFilterTests
{
    [Fact]
    public void Push_AnySplit_EqualsCuttingTheWholeText() =>
        Gen.Select(
            Gen.Char["abc"].Array[0, 20].Select(c => new string(c)),
            Gen.Char["abc"].Array[1, 4].Select(c => new string(c)).Array[0, 3],
            Gen.Int[1, 5]).Sample((text, stops, piece) =>
            {
                StopSequenceFilter filter = new(stops);
                string actual = string.Concat(text.Chunk(piece).Select(c => filter.Push(new string(c))));
                actual += filter.Flush();

                // The first stop to become complete ends the stream, as a reader of the pieces would notice it.
                string seen = "";
                string expected = text;
                foreach (string part in text.Chunk(piece).Select(c => new string(c)))
                {
                    seen += part;
                    int[] cuts = [.. stops.Select(s => seen.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0)];
                    if (cuts.Length > 0)
                    {
                        expected = text[..cuts.Min()];
                        break;
                    }
                }

                Assert.Equal(expected, actual);
            });

    [Fact]
    public void Push_PossibleBeginning_IsHeldBack()
    {
        StopSequenceFilter filter = new(["END"]);
        Assert.Equal("a", filter.Push("aE"));
        Assert.Equal("", filter.Push("N"));
        Assert.Equal("ENx", filter.Push("x"));
        Assert.Equal("", filter.Push("EN"));
        Assert.Equal("", filter.Push("D more"));
        Assert.True(filter.Stopped);
        Assert.Equal("", filter.Push("dropped"));
        Assert.Equal("", filter.Flush());
    }
}
