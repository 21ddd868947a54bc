using System.Globalization;
using System.Numerics;
using System.Text;

namespace OpenLedger.Chain.Evm.Eip712;

/// <summary>Encodes and hashes structured data by EIP-712 for any set of struct types.</summary>
/// <remarks>
/// <para>
/// Values are plain .NET objects: <see cref="string"/> for <c>string</c>; <see cref="bool"/>; <see cref="EthereumAddress"/> for <c>address</c>;
/// <see cref="BigInteger"/>, <see cref="UInt128"/>, <see cref="ulong"/>, <see cref="long"/>, <see cref="uint"/> or <see cref="int"/> for integers;
/// a byte array or <see cref="Bytes32"/> for <c>bytes</c> and <c>bytesN</c>; <see cref="IReadOnlyList{T}"/> of <see cref="object"/> for arrays;
/// <see cref="IReadOnlyDictionary{TKey, TValue}"/> of <see cref="string"/> and <see cref="object"/> for structs. Nothing is converted silently: an integer out
/// of its type's range is refused.
/// </para>
/// <para>Immutable and safe for concurrent use. Source: https://eips.ethereum.org/EIPS/eip-712.</para>
/// </remarks>
public sealed class TypedDataEncoder
{
    private const int MaxDepth = 64;

    private readonly Dictionary<string, TypedDataField[]> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _encodedTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Bytes32> _typeHashes = new(StringComparer.Ordinal);

    /// <summary>Creates an encoder for a set of struct types.</summary>
    /// <param name="types">The members of each struct, by name. The collection is copied.</param>
    /// <exception cref="ArgumentException">A name is not an identifier or is a Solidity type's, a member's type is unknown, or a
    /// member occurs twice.</exception>
    public TypedDataEncoder(IReadOnlyDictionary<string, IReadOnlyList<TypedDataField>> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        foreach ((string name, IReadOnlyList<TypedDataField> fields) in types)
        {
            ThrowIfNotIdentifier(name, nameof(types));
            if (IsAtomic(name))
            {
                throw new ArgumentException($"Struct '{name}' has the name of a Solidity type; rename it.", nameof(types));
            }

            _types.Add(name, [.. fields]);
        }

        foreach ((string name, TypedDataField[] fields) in _types)
        {
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (TypedDataField field in fields)
            {
                ThrowIfNotIdentifier(field.Name, nameof(types));
                if (!seen.Add(field.Name))
                {
                    throw new ArgumentException($"Struct '{name}' has two members named '{field.Name}'; rename one.", nameof(types));
                }

                string element = ElementType(field.Type);
                if (!_types.ContainsKey(element) && !IsAtomic(element))
                {
                    throw new ArgumentException(
                        $"Member '{name}.{field.Name}' has type '{field.Type}', which is neither a Solidity type nor a struct of this document.",
                        nameof(types));
                }
            }
        }

        foreach (string name in _types.Keys)
        {
            string encoded = BuildType(name);
            _encodedTypes.Add(name, encoded);
            _typeHashes.Add(name, Bytes32.HashOf(encoded));
        }
    }

    /// <summary>Returns the type string: the struct itself, then every struct it refers to, sorted by name.</summary>
    /// <param name="structType">The name of a struct of this encoder.</param>
    /// <exception cref="ArgumentException">The struct is unknown.</exception>
    public string EncodeType(string structType) =>
        _encodedTypes.TryGetValue(structType, out string? encoded)
            ? encoded
            : throw Unknown(structType);

    /// <summary>Returns the Keccak-256 hash of the type string.</summary>
    /// <param name="structType">The name of a struct of this encoder.</param>
    /// <exception cref="ArgumentException">The struct is unknown.</exception>
    public Bytes32 TypeHash(string structType) => _typeHashes.TryGetValue(structType, out Bytes32 hash) ? hash : throw Unknown(structType);

    /// <summary>Returns <c>typeHash ‖ encodeData</c>: 32 bytes, then 32 bytes per member.</summary>
    /// <param name="structType">The name of a struct of this encoder.</param>
    /// <param name="value">One value per member, by name; the class remarks list the types.</param>
    /// <exception cref="ArgumentException">The struct is unknown, a value is missing, unknown, of the wrong type or out of
    /// range.</exception>
    public byte[] EncodeData(string structType, IReadOnlyDictionary<string, object> value) => EncodeStruct(structType, value, 0);

    /// <summary>Returns <c>keccak256(typeHash ‖ encodeData)</c>.</summary>
    /// <param name="structType">The name of a struct of this encoder.</param>
    /// <param name="value">One value per member, by name; the class remarks list the types.</param>
    /// <exception cref="ArgumentException">The struct is unknown, a value is missing, unknown, of the wrong type or out of
    /// range.</exception>
    public Bytes32 HashStruct(string structType, IReadOnlyDictionary<string, object> value) => Keccak256.Hash(EncodeStruct(structType, value, 0));

    /// <summary>Returns the hash to sign: <c>keccak256(0x1901 ‖ domain separator ‖ hashStruct)</c>.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="structType">The name of a struct of this encoder.</param>
    /// <param name="value">One value per member, by name; the class remarks list the types.</param>
    /// <exception cref="ArgumentException">The struct is unknown, a value is missing, unknown, of the wrong type or out of
    /// range.</exception>
    public Bytes32 Digest(TypedDataDomain domain, string structType, IReadOnlyDictionary<string, object> value)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return domain.Digest(HashStruct(structType, value));
    }

    private byte[] EncodeStruct(string structType, IReadOnlyDictionary<string, object> value, int depth)
    {
        ArgumentNullException.ThrowIfNull(value);
        Bytes32 typeHash = TypeHash(structType);
        TypedDataField[] fields = _types[structType];
        if (value.Count != fields.Length)
        {
            throw new ArgumentException(
                $"Struct '{structType}' has {fields.Length} members; {value.Count} values were given.",
                nameof(value));
        }

        byte[] encoded = new byte[Bytes32.Length * (fields.Length + 1)];
        typeHash.CopyTo(encoded);
        for (int i = 0; i < fields.Length; i++)
        {
            if (!value.TryGetValue(fields[i].Name, out object? member))
            {
                throw new ArgumentException($"The value of '{structType}.{fields[i].Name}' is missing.", nameof(value));
            }

            EncodeValue(fields[i].Type, member, depth + 1).CopyTo(encoded.AsSpan(Bytes32.Length * (i + 1)));
        }

        return encoded;
    }

    private Bytes32 EncodeValue(string type, object value, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ArgumentException($"Values are nested more than {MaxDepth} deep; flatten them.", nameof(value));
        }

        if (type.EndsWith(']'))
        {
            return EncodeArray(type, value, depth);
        }

        if (_types.ContainsKey(type))
        {
            return Keccak256.Hash(EncodeStruct(type, value as IReadOnlyDictionary<string, object> ?? throw Wrong(type, value), depth));
        }

        return type switch
        {
            "string" => Bytes32.HashOf(value as string ?? throw Wrong(type, value)),
            "bytes" => Keccak256.Hash(ToBytes(type, value)),
            "bool" => Bytes32.FromUInt128(value is bool flag ? (flag ? UInt128.One : UInt128.Zero) : throw Wrong(type, value)),
            "address" => FromAddress(value is EthereumAddress address ? address : throw Wrong(type, value)),
            _ when type.StartsWith("bytes", StringComparison.Ordinal) => EncodeFixedBytes(type, value),
            _ => EncodeInteger(type, value),
        };
    }

    private Bytes32 EncodeArray(string type, object value, int depth)
    {
        int open = type.LastIndexOf('[');
        string element = type[..open];
        IReadOnlyList<object> items = value as IReadOnlyList<object> ?? throw Wrong(type, value);
        string size = type[(open + 1)..^1];
        if (size.Length > 0 && items.Count != int.Parse(size, CultureInfo.InvariantCulture))
        {
            throw new ArgumentException($"A '{type}' has {size} items; {items.Count} were given.", nameof(value));
        }

        byte[] encoded = new byte[checked(Bytes32.Length * items.Count)];
        for (int i = 0; i < items.Count; i++)
        {
            EncodeValue(element, items[i], depth + 1).CopyTo(encoded.AsSpan(Bytes32.Length * i));
        }

        return Keccak256.Hash(encoded);
    }

    private static Bytes32 EncodeFixedBytes(string type, object value)
    {
        byte[] bytes = ToBytes(type, value);
        int length = int.Parse(type.AsSpan(5), CultureInfo.InvariantCulture);
        if (bytes.Length != length)
        {
            throw new ArgumentException($"A '{type}' has {length} bytes; {bytes.Length} were given.", nameof(value));
        }

        Span<byte> word = stackalloc byte[Bytes32.Length];
        word.Clear();
        bytes.CopyTo(word);
        return new Bytes32(word);
    }

    private static Bytes32 EncodeInteger(string type, object value)
    {
        BigInteger number = value switch
        {
            BigInteger big => big,
            UInt128 wide => (BigInteger)wide,
            ulong u64 => u64,
            long i64 => i64,
            uint u32 => u32,
            int i32 => i32,
            _ => throw Wrong(type, value),
        };
        bool signed = type[0] == 'i';
        int bits = int.Parse(type.AsSpan(signed ? 3 : 4), CultureInfo.InvariantCulture);
        BigInteger least = signed ? -(BigInteger.One << (bits - 1)) : BigInteger.Zero;
        BigInteger greatest = (BigInteger.One << (signed ? bits - 1 : bits)) - 1;
        if (number < least || number > greatest)
        {
            throw new ArgumentOutOfRangeException(nameof(value), number, $"A '{type}' is between {least} and {greatest}.");
        }

        // Two's complement over 256 bits: negative numbers are sign-extended.
        BigInteger unsigned = number.Sign < 0 ? number + (BigInteger.One << 256) : number;
        Span<byte> word = stackalloc byte[Bytes32.Length];
        word.Clear();
        int count = unsigned.GetByteCount(isUnsigned: true);
        bool written = unsigned.TryWriteBytes(word[(Bytes32.Length - count)..], out _, isUnsigned: true, isBigEndian: true);
        System.Diagnostics.Debug.Assert(written, "A number below 2^256 has at most 32 bytes.");
        return new Bytes32(word);
    }

    private static byte[] ToBytes(string type, object value) => value switch
    {
        byte[] bytes => bytes,
        Bytes32 word => word.ToArray(),
        _ => throw Wrong(type, value),
    };

    private static Bytes32 FromAddress(EthereumAddress address)
    {
        Span<byte> word = stackalloc byte[Bytes32.Length];
        word.Clear();
        address.CopyTo(word[12..]);
        return new Bytes32(word);
    }

    private string BuildType(string structType)
    {
        SortedSet<string> referenced = new(StringComparer.Ordinal);
        Stack<string> open = new([structType]);
        while (open.TryPop(out string? name))
        {
            foreach (TypedDataField field in _types[name])
            {
                string element = ElementType(field.Type);
                if (_types.ContainsKey(element) && element != structType && referenced.Add(element))
                {
                    open.Push(element);
                }
            }
        }

        StringBuilder text = new();
        foreach (string name in (string[])[structType, .. referenced])
        {
            text.Append(name).Append('(').AppendJoin(',', _types[name].Select(field => $"{field.Type} {field.Name}")).Append(')');
        }

        return text.ToString();
    }

    // Strips array suffixes; what is left of a malformed suffix is no known type and is refused by the constructor.
    private static string ElementType(string type)
    {
        while (type.EndsWith(']'))
        {
            int open = type.LastIndexOf('[');
            if (open <= 0)
            {
                return type;
            }

            ReadOnlySpan<char> size = type.AsSpan((open + 1)..^1);
            if (size.Length > 0 && (size[0] == '0' || !IsNumber(size) || size.Length > 9))
            {
                return type;
            }

            type = type[..open];
        }

        return type;
    }

    private static bool IsAtomic(string type)
    {
        if (type is "string" or "bytes" or "bool" or "address")
        {
            return true;
        }

        (int prefix, int greatest, int step) = type switch
        {
            _ when type.StartsWith("bytes", StringComparison.Ordinal) => (5, 32, 1),
            _ when type.StartsWith("uint", StringComparison.Ordinal) => (4, 256, 8),
            _ when type.StartsWith("int", StringComparison.Ordinal) => (3, 256, 8),
            _ => (0, 0, 0),
        };
        ReadOnlySpan<char> size = type.AsSpan(prefix);
        return prefix > 0
            && size.Length is >= 1 and <= 3
            && size[0] != '0'
            && IsNumber(size)
            && int.Parse(size, CultureInfo.InvariantCulture) is int bits
            && bits <= greatest
            && bits % step == 0;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;

    private static void ThrowIfNotIdentifier(string name, string parameter)
    {
        bool valid = !string.IsNullOrEmpty(name) && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');
        if (!valid)
        {
            throw new ArgumentException($"'{name}' is not an identifier; use ASCII letters, digits, '_' and '$', not starting with a digit.", parameter);
        }
    }

    private ArgumentException Unknown(string structType) =>
        new($"Struct '{structType}' is unknown; this encoder has {string.Join(", ", _types.Keys.Order(StringComparer.Ordinal))}.", nameof(structType));

    private static ArgumentException Wrong(string type, object? value) =>
        new($"A value of type {value?.GetType().Name ?? "null"} cannot be encoded as '{type}'.", nameof(value));
}
