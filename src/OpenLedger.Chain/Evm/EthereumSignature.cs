using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Chain.Evm;

/// <summary>A recoverable secp256k1 signature: r, s and v, 65 bytes in that order with v 27 or 28.</summary>
/// <remarks>
/// Only canonical signatures exist as values of this type: 0 &lt; r &lt; n, 0 &lt; s &lt;= n/2 (EIP-2, so that nobody can make a second signature
/// out of a first) and v 27 or 28. The default value is the exception; it verifies for nobody.
/// </remarks>
public readonly struct EthereumSignature : IEquatable<EthereumSignature>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 65;

    private EthereumSignature(Bytes32 r, Bytes32 s, byte v)
    {
        R = r;
        S = s;
        V = v;
    }

    /// <summary>The x coordinate of the nonce point, modulo n.</summary>
    public Bytes32 R { get; }

    /// <summary>The proof scalar, at most n/2.</summary>
    public Bytes32 S { get; }

    /// <summary>27 or 28: 27 plus the parity of the nonce point's y coordinate.</summary>
    public byte V { get; }

    /// <summary>Reads 65 bytes r, s, v.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="signature">The signature where the result is <see langword="true"/>.</param>
    /// <returns>Whether the bytes are a canonical signature.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EthereumSignature signature)
    {
        signature = default;
        if (bytes.Length != Length || bytes[64] is not (27 or 28))
        {
            return false;
        }

        Bytes32 r = new(bytes[..32]);
        Bytes32 s = new(bytes[32..64]);
        if (r.IsZero || r >= Secp256k1.Order || s.IsZero || s > Secp256k1.HalfOrder)
        {
            return false;
        }

        signature = new EthereumSignature(r, s, bytes[64]);
        return true;
    }

    /// <summary>Reads <c>0x</c> and 130 lower-case hexadecimal digits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="signature">The signature where the result is <see langword="true"/>.</param>
    /// <returns>Whether the text is a canonical signature.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out EthereumSignature signature)
    {
        signature = default;
        Span<byte> bytes = stackalloc byte[Length];
        return text is not null
            && text.Length == 2 + (2 * Length)
            && text.StartsWith("0x", StringComparison.Ordinal)
            && text.AsSpan().IndexOfAnyInRange('A', 'F') < 0
            && Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) == OperationStatus.Done
            && TryRead(bytes, out signature);
    }

    /// <summary>Finds the account whose key signed <paramref name="hash"/>.</summary>
    /// <param name="hash">The 32-byte hash that was signed.</param>
    /// <param name="signer">The account where the result is <see langword="true"/>.</param>
    /// <returns>Whether the signature belongs to any key; a changed hash or signature usually gives another account, not
    /// <see langword="false"/>.</returns>
    public bool TryRecover(Bytes32 hash, out EthereumAddress signer) => Secp256k1.TryRecover(hash, this, out signer);

    /// <summary>Whether the key of <paramref name="signer"/> made this signature over <paramref name="hash"/>.</summary>
    /// <param name="hash">The 32-byte hash that was signed.</param>
    /// <param name="signer">The expected account.</param>
    public bool IsBy(Bytes32 hash, EthereumAddress signer) => TryRecover(hash, out EthereumAddress actual) && actual == signer;

    /// <summary>Returns the 65 bytes r, s, v in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        R.CopyTo(bytes);
        S.CopyTo(bytes.AsSpan(32));
        bytes[64] = V;
        return bytes;
    }

    /// <summary>Returns <c>0x</c> and 130 lower-case hexadecimal digits.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(ToArray());

    /// <inheritdoc/>
    public bool Equals(EthereumSignature other) => R == other.R && S == other.S && V == other.V;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is EthereumSignature other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(R, S, V);

    /// <summary>Whether two signatures are the same.</summary>
    public static bool operator ==(EthereumSignature left, EthereumSignature right) => left.Equals(right);

    /// <summary>Whether two signatures differ.</summary>
    public static bool operator !=(EthereumSignature left, EthereumSignature right) => !left.Equals(right);
}
