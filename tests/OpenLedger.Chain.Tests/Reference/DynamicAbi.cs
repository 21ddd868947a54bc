using System.Globalization;
using System.Numerics;
using System.Text;

namespace OpenLedger.Chain.Tests.Reference;

/// <summary><c>abi.encode(uint256, string[])</c>, the leaf type of the published tree vectors.</summary>
internal static class DynamicAbi
{
    public static byte[] Encode(string number, string[] texts)
    {
        List<byte> output = [.. Word(BigInteger.Parse(number, CultureInfo.InvariantCulture)), .. Word(64), .. Word(texts.Length)];
        int offset = 32 * texts.Length;
        List<byte> tails = [];
        foreach (string text in texts)
        {
            output.AddRange(Word(offset + tails.Count));
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            tails.AddRange(Word(bytes.Length));
            tails.AddRange(bytes);
            tails.AddRange(new byte[(32 - (bytes.Length % 32)) % 32]);
        }

        output.AddRange(tails);
        return [.. output];
    }

    private static byte[] Word(BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
