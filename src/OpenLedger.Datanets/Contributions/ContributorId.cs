using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Datanets.Contributions;

/// <summary>Who contributed: an opaque 20-byte account and the scheme that says what the bytes are.</summary>
/// <remarks>
/// The text form is <c>secp256k1:0x</c> followed by 40 lower-case hexadecimal digits. Ids order by scheme, then by account bytes;
/// that order breaks ties wherever integers are apportioned. The default value is the all-zero account and stands for nobody.
/// </remarks>
public readonly struct ContributorId : IEquatable<ContributorId>, IComparable<ContributorId>, ISpanParsable<ContributorId>
{
    /// <summary>Length of an account in bytes.</summary>
    public const int AccountLength = 20;

    private const string Prefix = "secp256k1:0x";

    private readonly UInt128 _high;
    private readonly uint _low;

    /// <summary>Creates an id from its parts.</summary>
    /// <param name="scheme">How the account is derived.</param>
    /// <param name="account">Exactly 20 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="account"/> is not 20 bytes long, or the scheme is unknown.</exception>
    public ContributorId(AccountScheme scheme, ReadOnlySpan<byte> account)
    {
        if (scheme != AccountScheme.Secp256k1)
        {
            throw new ArgumentException($"Account scheme {(byte)scheme} is unknown; the only scheme is {nameof(AccountScheme.Secp256k1)} (1).", nameof(scheme));
        }

        if (account.Length != AccountLength)
        {
            throw new ArgumentException($"An account has {AccountLength} bytes, not {account.Length}.", nameof(account));
        }

        Scheme = scheme;
        _high = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(account);
        _low = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(account[16..]);
    }

    /// <summary>How the account is derived; 0 in the default value.</summary>
    public AccountScheme Scheme { get; }

    /// <summary>Copies the account into <paramref name="destination"/>.</summary>
    /// <param name="destination">At least 20 bytes; the first 20 are written.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter than 20 bytes.</exception>
    public void CopyAccountTo(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, AccountLength, nameof(destination));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _low);
    }

    /// <summary>Returns the 20 account bytes in a new array.</summary>
    public byte[] ToAccountBytes()
    {
        byte[] account = new byte[AccountLength];
        CopyAccountTo(account);
        return account;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> account = stackalloc byte[AccountLength];
        CopyAccountTo(account);
        return Prefix + Convert.ToHexStringLower(account);
    }

    /// <summary>Reads the text form that <see cref="ToString"/> writes.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Ignored: the form does not depend on a culture.</param>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static ContributorId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out ContributorId id)
            ? id
            : throw new FormatException($"'{s}' is not a contributor id; expected '{Prefix}' and 40 lower-case hexadecimal digits.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static ContributorId Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out ContributorId result)
    {
        result = default;
        if (!s.StartsWith(Prefix, StringComparison.Ordinal) || s.Length != Prefix.Length + (2 * AccountLength))
        {
            return false;
        }

        ReadOnlySpan<char> digits = s[Prefix.Length..];
        if (digits.IndexOfAnyInRange('A', 'F') >= 0)
        {
            return false; // one text per id: ids are hashed and signed as text
        }

        Span<byte> account = stackalloc byte[AccountLength];
        if (Convert.FromHexString(digits, account, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        result = new ContributorId(AccountScheme.Secp256k1, account);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ContributorId result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public bool Equals(ContributorId other) => Scheme == other.Scheme && _high == other._high && _low == other._low;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ContributorId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scheme, _high, _low);

    /// <inheritdoc/>
    public int CompareTo(ContributorId other)
    {
        int order = Scheme.CompareTo(other.Scheme);
        order = order != 0 ? order : _high.CompareTo(other._high);
        return order != 0 ? order : _low.CompareTo(other._low);
    }

    /// <summary>Whether two ids are the same.</summary>
    public static bool operator ==(ContributorId left, ContributorId right) => left.Equals(right);

    /// <summary>Whether two ids differ.</summary>
    public static bool operator !=(ContributorId left, ContributorId right) => !left.Equals(right);

    /// <summary>Orders by scheme, then by account bytes.</summary>
    public static bool operator <(ContributorId left, ContributorId right) => left.CompareTo(right) < 0;

    /// <summary>Orders by scheme, then by account bytes.</summary>
    public static bool operator <=(ContributorId left, ContributorId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by scheme, then by account bytes.</summary>
    public static bool operator >(ContributorId left, ContributorId right) => left.CompareTo(right) > 0;

    /// <summary>Orders by scheme, then by account bytes.</summary>
    public static bool operator >=(ContributorId left, ContributorId right) => left.CompareTo(right) >= 0;
}
