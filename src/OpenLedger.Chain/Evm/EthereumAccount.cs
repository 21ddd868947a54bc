using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Math;

namespace OpenLedger.Chain.Evm;

/// <summary>An Ethereum account with its private key in memory.</summary>
/// <remarks>
/// Signatures are deterministic (RFC 6979) with s in the lower half of the order. Immutable and safe for concurrent use. The key cannot be
/// read back from an instance, and <see cref="ToString"/> shows the address only; the memory that holds it is not wiped.
/// </remarks>
public sealed class EthereumAccount : ISigner
{
    private readonly BigInteger _privateKey;

    private EthereumAccount(BigInteger privateKey)
    {
        _privateKey = privateKey;
        Address = EthereumAddress.FromPublicKey(Secp256k1.PublicKey(privateKey));
    }

    /// <inheritdoc/>
    public EthereumAddress Address { get; }

    /// <summary>Creates the account of a private key.</summary>
    /// <param name="privateKey">Exactly 32 bytes, big-endian, between 1 and n-1 where n is the order of secp256k1.</param>
    /// <exception cref="ArgumentException">The key has another length or is out of range; the text does not repeat it.</exception>
    public static EthereumAccount FromPrivateKey(ReadOnlySpan<byte> privateKey)
    {
        if (privateKey.Length != Bytes32.Length)
        {
            throw new ArgumentException($"A private key has {Bytes32.Length} bytes, not {privateKey.Length}.", nameof(privateKey));
        }

        Bytes32 key = new(privateKey);
        return IsValid(key)
            ? new EthereumAccount(Secp256k1.ToInteger(key))
            : throw new ArgumentException(
                "The private key is zero or not below the order of secp256k1; generate another one.",
                nameof(privateKey));
    }

    /// <summary>Creates an account with a fresh key of the operating system's random generator.</summary>
    public static EthereumAccount CreateRandom()
    {
        Span<byte> key = stackalloc byte[Bytes32.Length];
        do
        {
            RandomNumberGenerator.Fill(key);
        }
        while (!IsValid(new Bytes32(key)));

        EthereumAccount account = FromPrivateKey(key);
        CryptographicOperations.ZeroMemory(key);
        return account;
    }

    /// <summary>Derives an account from a seed, for tests and samples whose runs must repeat exactly.</summary>
    /// <param name="seed">Any bytes. Whoever knows them has the key: use 32 random bytes where money is at stake.</param>
    /// <remarks>The key is Keccak-256(seed, counter as 4 big-endian bytes) for the first counter from 0 that gives a valid key.</remarks>
    public static EthereumAccount FromSeed(ReadOnlySpan<byte> seed)
    {
        byte[] input = new byte[checked(seed.Length + 4)];
        seed.CopyTo(input);
        for (uint counter = 0; ; counter++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(input.AsSpan(seed.Length), counter);
            Bytes32 key = Keccak256.Hash(input);
            if (IsValid(key))
            {
                return FromPrivateKey(key.ToArray());
            }
        }
    }

    /// <inheritdoc/>
    public EthereumSignature SignHash(Bytes32 hash) => Secp256k1.Sign(_privateKey, hash);

    /// <summary>Returns the EIP-55 text of the address.</summary>
    public override string ToString() => Address.ToString();

    private static bool IsValid(Bytes32 key) => !key.IsZero && key < Secp256k1.Order;
}
