using System.Buffers.Binary;

namespace OpenLedger.Chain.Evm;

// Writes Solidity ABI static types as 32-byte words into a caller's buffer: enough for leaves and EIP-712 structs, which have a fixed
// number of words. The caller sizes the buffer; writing past it throws.
internal ref struct AbiWords(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _position;

    public readonly ReadOnlySpan<byte> Written => _destination[.._position];

    public void Add(Bytes32 value) => value.CopyTo(Next());

    public void Add(UInt128 value)
    {
        Span<byte> word = Next();
        word[..16].Clear();
        BinaryPrimitives.WriteUInt128BigEndian(word[16..], value);
    }

    public void Add(EthereumAddress value)
    {
        Span<byte> word = Next();
        word[..12].Clear();
        value.CopyTo(word[12..]);
    }

    public readonly Bytes32 Hash() => Keccak256.Hash(Written);

    /// <summary>The leaf hash of OpenZeppelin's StandardMerkleTree: hashed twice, so that no leaf is also a node's 64-byte
    /// preimage.</summary>
    public readonly Bytes32 LeafHash()
    {
        Span<byte> hash = stackalloc byte[Keccak256.HashLength];
        Keccak256.Hash(Written, hash);
        return Keccak256.Hash(hash);
    }

    private Span<byte> Next()
    {
        Span<byte> word = _destination.Slice(_position, Bytes32.Length);
        _position += Bytes32.Length;
        return word;
    }
}
