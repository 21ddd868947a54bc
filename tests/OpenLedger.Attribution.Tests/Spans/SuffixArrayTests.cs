using CsCheck;
using OpenLedger.Attribution.Spans;
using OpenLedger.Attribution.Tests.Reference;

namespace OpenLedger.Attribution.Tests.Spans;

public class SuffixArrayTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Build_RandomTextOverSmallAlphabet_EqualsSorting(int alphabet) =>
        Gen.Int[0, alphabet - 1].Array[0, 60].Sample(text => AssertSorted(text, alphabet), iter: 2000);

    [Fact]
    public void Build_EveryBinaryTextTo11Symbols_EqualsSorting()
    {
        for (int length = 0; length <= 11; length++)
        {
            for (int bits = 0; bits < 1 << length; bits++)
            {
                AssertSorted([.. Enumerable.Range(0, length).Select(i => (bits >> i) & 1)], 2);
            }
        }
    }

    public static TheoryData<string> Adversaries => ["equal", "ascending", "descending", "fibonacci", "thue-morse", "period-3", "deep"];

    [Theory]
    [MemberData(nameof(Adversaries))]
    public void Build_AdversarialText_EqualsSorting(string name)
    {
        int[] text = Adversary(name, 400);
        AssertSorted(text, text.Max() + 1);
    }

    [Theory]
    [MemberData(nameof(Adversaries))]
    public void Build_LongAdversarialText_IsASortedPermutation(string name)
    {
        // Neighbours are compared through ranks: suffix x is before suffix y iff its first symbol is smaller, or equal and the rest is before.
        int[] text = Adversary(name, 200_000);
        int[] suffixes = SuffixArray.Build(text, text.Max() + 1);
        int[] ranks = Ranks(suffixes);
        for (int i = 1; i < suffixes.Length; i++)
        {
            int x = suffixes[i - 1], y = suffixes[i];
            int restX = x + 1 < text.Length ? ranks[x + 1] : -1, restY = y + 1 < text.Length ? ranks[y + 1] : -1;
            Assert.True(text[x] < text[y] || (text[x] == text[y] && restX < restY));
        }
    }

    [Fact]
    public void LongestCommonPrefixes_RandomText_EqualsComparing() => Gen.Int[0, 2].Array[1, 60].Sample(text =>
    {
        int[] suffixes = SuffixArray.Build(text, 3);
        int[] lengths = SuffixArray.LongestCommonPrefixes(text, suffixes, Ranks(suffixes));
        Assert.Equal(0, lengths[0]);
        for (int i = 1; i < text.Length; i++)
        {
            Assert.Equal(text.AsSpan(suffixes[i]).CommonPrefixLength(text.AsSpan(suffixes[i - 1])), lengths[i]);
        }
    }, iter: 1000);

    private static void AssertSorted(int[] text, int alphabet) => Assert.Equal(SlowSpans.SuffixArray(text), SuffixArray.Build(text, alphabet));

    private static int[] Ranks(int[] suffixes)
    {
        int[] ranks = [.. Enumerable.Repeat(-1, suffixes.Length)];
        for (int rank = 0; rank < suffixes.Length; rank++)
        {
            Assert.Equal(-1, ranks[suffixes[rank]]);
            ranks[suffixes[rank]] = rank;
        }

        return ranks;
    }

    internal static int[] Adversary(string name, int length)
    {
        switch (name)
        {
            case "equal":
                return new int[length];
            case "ascending":
                return [.. Enumerable.Range(0, length)];
            case "descending":
                return [.. Enumerable.Range(0, length).Reverse()];
            case "thue-morse":
                return [.. Enumerable.Range(0, length).Select(i => int.PopCount(i) & 1)];
            case "period-3":
                return [.. Enumerable.Range(0, length).Select(i => i % 3 == 2 ? 0 : 1)];
            case "fibonacci":
                List<int> previous = [1], word = [0];
                while (word.Count < length)
                {
                    (previous, word) = (word, [.. word, .. previous]);
                }

                return [.. word.Take(length)];
            default:
                // Each substitution 0 -> 01, 1 -> 02, 2 -> 1 keeps names repeating, so that the recursion goes several levels down.
                List<int> text = [0];
                while (text.Count < length)
                {
                    text = [.. text.SelectMany<int, int>(symbol => symbol switch { 0 => [0, 1], 1 => [0, 2], _ => [1] })];
                }

                return [.. text.Take(length)];
        }
    }
}
