using System.Numerics;

namespace OpenLedger.Chain.Evm.Eip712;

/// <summary>The EIP-712 domain: which contract, chain and application a signature is for.</summary>
/// <remarks>Members that are null are absent from the domain type, not encoded as zero. Immutable and safe for concurrent use.</remarks>
public sealed record TypedDataDomain
{
    /// <summary>The application's name, or null where absent.</summary>
    public string? Name { get; init; }

    /// <summary>The version of the signing rules, or null where absent.</summary>
    public string? Version { get; init; }

    /// <summary>The EIP-155 chain id, or null where absent.</summary>
    public ulong? ChainId { get; init; }

    /// <summary>The contract that checks the signature, or null where absent.</summary>
    public EthereumAddress? VerifyingContract { get; init; }

    /// <summary>A disambiguating salt, or null where absent.</summary>
    public Bytes32? Salt { get; init; }

    /// <summary>Returns <c>hashStruct(EIP712Domain)</c> over the members that are present.</summary>
    public Bytes32 Separator()
    {
        List<TypedDataField> fields = [];
        Dictionary<string, object> values = new(StringComparer.Ordinal);
        Add("name", "string", Name);
        Add("version", "string", Version);
        Add("chainId", "uint256", ChainId is { } chainId ? (BigInteger)chainId : null);
        Add("verifyingContract", "address", VerifyingContract);
        Add("salt", "bytes32", Salt);

        const string DomainType = "EIP712Domain";
        TypedDataEncoder encoder = new(new Dictionary<string, IReadOnlyList<TypedDataField>>(StringComparer.Ordinal) { [DomainType] = fields });
        return encoder.HashStruct(DomainType, values);

        void Add(string name, string type, object? value)
        {
            if (value is not null)
            {
                fields.Add(new TypedDataField(name, type));
                values.Add(name, value);
            }
        }
    }

    /// <summary>Returns <c>keccak256(0x1901 ‖ separator ‖ structHash)</c>, the hash that is signed.</summary>
    /// <param name="structHash">The hash of the signed struct.</param>
    public Bytes32 Digest(Bytes32 structHash) => Digest(Separator(), structHash);

    internal static Bytes32 Digest(Bytes32 separator, Bytes32 structHash)
    {
        Span<byte> input = stackalloc byte[2 + (2 * Bytes32.Length)];
        input[0] = 0x19;
        input[1] = 0x01;
        separator.CopyTo(input[2..]);
        structHash.CopyTo(input[34..]);
        return Keccak256.Hash(input);
    }
}
