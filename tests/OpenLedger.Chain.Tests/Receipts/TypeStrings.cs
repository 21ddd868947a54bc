using System.Numerics;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Evm.Eip712;

namespace OpenLedger.Chain.Tests.Receipts;

/// <summary>Takes a one-struct EIP-712 type string apart, so that the general encoder can check the hand-written one.</summary>
internal static class TypeStrings
{
    public static Dictionary<string, IReadOnlyList<TypedDataField>> Parse(string typeString)
    {
        int open = typeString.IndexOf('(', StringComparison.Ordinal);
        return new Dictionary<string, IReadOnlyList<TypedDataField>>
        {
            [typeString[..open]] = [.. typeString[(open + 1)..^1].Split(',').Select(field => new TypedDataField(field.Split(' ')[1], field.Split(' ')[0]))],
        };
    }

    public static BigInteger Number(Bytes32 word) => new(word.ToArray(), isUnsigned: true, isBigEndian: true);
}
