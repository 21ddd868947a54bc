using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Chain.Evm;

/// <summary>A 20-byte Ethereum account or contract address.</summary>
/// <remarks>
/// The text form is EIP-55: <c>0x</c> and 40 hexadecimal digits whose case is a checksum. Parsing accepts that form and the all-lower-case
/// form; a mixed-case text with a wrong checksum is refused. Addresses order by their bytes. The default value is the zero address.
/// </remarks>
public readonly struct EthereumAddress : IEquatable<EthereumAddress>, IComparable<EthereumAddress>, ISpanParsable<EthereumAddress>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 20;

    private readonly UInt128 _high;
    private readonly uint _low;

    /// <summary>Creates an address from its bytes.</summary>
    /// <param name="bytes">Exactly 20 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 20 bytes long.</exception>
    public EthereumAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"An address has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Whether this is the zero address.</summary>
    public bool IsZero => _high == UInt128.Zero && _low == 0;

    /// <summary>The address of a secp256k1 public key: the last 20 bytes of its Keccak-256 hash.</summary>
    /// <param name="publicKey">The 64 bytes x and y, without the <c>0x04</c> prefix.</param>
    /// <exception cref="ArgumentException"><paramref name="publicKey"/> is not 64 bytes long.</exception>
    public static EthereumAddress FromPublicKey(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != 64)
        {
            throw new ArgumentException($"A public key has 64 bytes (x and y), not {publicKey.Length}.", nameof(publicKey));
        }

        Span<byte> hash = stackalloc byte[Keccak256.HashLength];
        Keccak256.Hash(publicKey, hash);
        return new EthereumAddress(hash[12..]);
    }

    /// <summary>The address of a contributor whose scheme is <see cref="AccountScheme.Secp256k1"/>.</summary>
    /// <param name="contributor">The contributor.</param>
    /// <exception cref="ArgumentException">The contributor has another scheme, or is the default value.</exception>
    public static EthereumAddress FromContributor(ContributorId contributor)
    {
        if (contributor.Scheme != AccountScheme.Secp256k1)
        {
            throw new ArgumentException(
                $"Contributor '{contributor}' has scheme {(byte)contributor.Scheme}; only {nameof(AccountScheme.Secp256k1)} (1) has an address.",
                nameof(contributor));
        }

        Span<byte> account = stackalloc byte[Length];
        contributor.CopyAccountTo(account);
        return new EthereumAddress(account);
    }

    /// <summary>The contributor id with this account and the scheme <see cref="AccountScheme.Secp256k1"/>.</summary>
    public ContributorId ToContributorId()
    {
        Span<byte> account = stackalloc byte[Length];
        CopyTo(account);
        return new ContributorId(AccountScheme.Secp256k1, account);
    }

    /// <summary>Copies the 20 bytes into <paramref name="destination"/>.</summary>
    /// <param name="destination">At least 20 bytes; the first 20 are written.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter than 20 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Length, nameof(destination));
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _low);
    }

    /// <summary>Returns the EIP-55 text.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        Span<char> text = stackalloc char[2 + (2 * Length)];
        text[0] = '0';
        text[1] = 'x';
        bool written = Convert.TryToHexStringLower(bytes, text[2..], out _);
        System.Diagnostics.Debug.Assert(written, "42 characters hold 20 bytes.");

        Span<byte> ascii = stackalloc byte[2 * Length];
        System.Text.Encoding.ASCII.GetBytes(text[2..], ascii);
        Span<byte> hash = stackalloc byte[Keccak256.HashLength];
        Keccak256.Hash(ascii, hash);
        for (int i = 0; i < 2 * Length; i++)
        {
            int nibble = (hash[i / 2] >> ((i & 1) == 0 ? 4 : 0)) & 0xf;
            if (nibble >= 8 && text[2 + i] is >= 'a' and <= 'f')
            {
                text[2 + i] = (char)(text[2 + i] - 32);
            }
        }

        return new string(text);
    }

    /// <summary>Reads an EIP-55 or an all-lower-case text.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Ignored: the form does not depend on a culture.</param>
    /// <exception cref="FormatException">The text is not an address, or its checksum is wrong.</exception>
    public static EthereumAddress Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out EthereumAddress value)
            ? value
            : throw new FormatException($"'{s}' is not an address; expected '0x' and 40 hexadecimal digits, lower case or with the EIP-55 checksum.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static EthereumAddress Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out EthereumAddress result)
    {
        result = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (s.Length != 2 + (2 * Length)
            || !s.StartsWith("0x", StringComparison.Ordinal)
            || Convert.FromHexString(s[2..], bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        EthereumAddress address = new(bytes);
        if (s[2..].IndexOfAnyInRange('A', 'F') >= 0 && !s.SequenceEqual(address.ToString()))
        {
            return false;
        }

        result = address;
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EthereumAddress result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public bool Equals(EthereumAddress other) => _high == other._high && _low == other._low;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is EthereumAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_high, _low);

    /// <inheritdoc/>
    public int CompareTo(EthereumAddress other)
    {
        int order = _high.CompareTo(other._high);
        return order != 0 ? order : _low.CompareTo(other._low);
    }

    /// <summary>Whether two addresses are the same.</summary>
    public static bool operator ==(EthereumAddress left, EthereumAddress right) => left.Equals(right);

    /// <summary>Whether two addresses differ.</summary>
    public static bool operator !=(EthereumAddress left, EthereumAddress right) => !left.Equals(right);

    /// <summary>Orders by bytes.</summary>
    public static bool operator <(EthereumAddress left, EthereumAddress right) => left.CompareTo(right) < 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator <=(EthereumAddress left, EthereumAddress right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >(EthereumAddress left, EthereumAddress right) => left.CompareTo(right) > 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >=(EthereumAddress left, EthereumAddress right) => left.CompareTo(right) >= 0;
}
