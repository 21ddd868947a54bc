using CsCheck;
using OpenLedger.Lora.Tokenization.Bpe;

namespace OpenLedger.Lora.Tests.Tokenization.Bpe;

public sealed class PairMergerTests
{
    // Rules over few symbols, with equal ranks, so that ties and chains of merges are frequent.
    private static readonly Gen<(int Left, int Right, int Rank, int Result)[]> Rules =
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[0, 5], Gen.Int[0, 6]).Array[0, 20];

    [Fact]
    public void Merge_RandomRules_EqualsRescanningAfterEachMerge() =>
        Gen.Select(Rules, Gen.Int[0, 6].Array[0, 90]).Sample((rules, symbols) =>
        {
            List<int> expected = Reference(symbols, rules);
            return expected.SequenceEqual(Merged(symbols, rules, PairMerger.MergeByScan)) && expected.SequenceEqual(Merged(symbols, rules, PairMerger.MergeByHeap));
        }, iter: 5000);

    [Fact]
    public void Merge_LongWord_EqualsRescanningAfterEachMerge() =>
        Gen.Select(Rules, Gen.Int[0, 6].Array[97, 400]).Sample(
            (rules, symbols) => Reference(symbols, rules).SequenceEqual(Merged(symbols, rules, PairMerger.Merge)), iter: 300);

    private static int[] Merged(int[] symbols, (int Left, int Right, int Rank, int Result)[] rules, Merger merge)
    {
        var pairs = new PairTable(0);
        foreach ((int left, int right, int rank, int result) in rules)
        {
            pairs.TryAdd(left, right, rank, result);
        }

        int[] copy = [.. symbols];
        return copy.Length == 0 ? [] : copy[..merge(copy, pairs)];
    }

    private static List<int> Reference(int[] symbols, (int Left, int Right, int Rank, int Result)[] rules)
    {
        List<int> current = [.. symbols];
        while (true)
        {
            (int Rank, int At, int Result)? best = null;
            for (int i = 0; i + 1 < current.Count; i++)
            {
                foreach ((int left, int right, int rank, int result) in rules)
                {
                    if (left == current[i] && right == current[i + 1])
                    {
                        best = best is null || rank < best.Value.Rank ? (rank, i, result) : best;
                        break; // the first rule of a pair counts
                    }
                }
            }

            if (best is not { } found)
            {
                return current;
            }

            current[found.At] = found.Result;
            current.RemoveAt(found.At + 1);
        }
    }

    private delegate int Merger(Span<int> symbols, PairTable pairs);
}
