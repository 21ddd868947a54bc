using System.Globalization;
using System.Text;

namespace OpenLedger.Chain.Evm;

/// <summary>The hash that wallets sign for <c>personal_sign</c> (EIP-191, version 0x45).</summary>
public static class PersonalMessage
{
    /// <summary>Returns <c>keccak256("\x19Ethereum Signed Message:\n" ‖ length ‖ message)</c>, with the length in decimal digits.</summary>
    /// <param name="message">The message bytes; 32 bytes of a digest are signed as bytes, not as hexadecimal text.</param>
    public static Bytes32 Hash(ReadOnlySpan<byte> message)
    {
        byte[] prefix = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\u0019Ethereum Signed Message:\n{message.Length}"));
        byte[] input = new byte[checked(prefix.Length + message.Length)];
        prefix.CopyTo(input, 0);
        message.CopyTo(input.AsSpan(prefix.Length));
        return Keccak256.Hash(input);
    }
}
