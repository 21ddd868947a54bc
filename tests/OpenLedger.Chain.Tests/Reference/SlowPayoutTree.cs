using OpenLedger.Chain.Evm;

namespace OpenLedger.Chain.Tests.Reference;

/// <summary>The tree's root by recursion over node numbers, straight from the definition of the array.</summary>
internal static class SlowPayoutTree
{
    public static Bytes32 Root(Bytes32[] leaves)
    {
        Bytes32[] sorted = [.. leaves.Order()];
        int nodes = (2 * sorted.Length) - 1;
        return Node(0);

        Bytes32 Node(int index)
        {
            if (index >= nodes - sorted.Length)
            {
                return sorted[nodes - 1 - index];
            }

            Bytes32[] pair = [Node((2 * index) + 1), Node((2 * index) + 2)];
            return Keccak256.Hash([.. pair.Min().ToArray(), .. pair.Max().ToArray()]);
        }
    }
}
