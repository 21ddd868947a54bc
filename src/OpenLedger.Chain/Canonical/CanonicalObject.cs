using System.Globalization;
using System.Text.Json;
using OpenLedger.Chain.Evm;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Chain.Canonical;

// One object of a canonical document, read strictly: every fault becomes a ChainException that names document and member.
internal readonly struct CanonicalObject
{
    /// <summary>The largest document that is read.</summary>
    public const int MaxDocumentLength = 128 * 1024 * 1024;

    private const int MaxDepth = 16;

    private readonly JsonElement _element;
    private readonly string _path;

    private CanonicalObject(JsonElement element, string path)
    {
        _path = path;
        _element = element.ValueKind == JsonValueKind.Object ? element : throw Fault(path, "is not an object");
    }

    // Parses a document, hands it to read, and requires that write gives exactly the same bytes back.
    public static T Read<T>(ReadOnlyMemory<byte> document, string name, Func<CanonicalObject, T> read, Func<T, ReadOnlyMemory<byte>> write)
    {
        if (document.Length > MaxDocumentLength)
        {
            throw Fault(name, $"has {document.Length} bytes; at most {MaxDocumentLength} are read");
        }

        // Also keeps escapes out, so that no string can be malformed UTF-16.
        int strange = document.Span.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        strange = strange >= 0 ? strange : document.Span.IndexOf((byte)'\\');
        if (strange >= 0)
        {
            throw Fault(name, $"has the byte 0x{document.Span[strange]:x2} at offset {strange}; canonical documents are printable ASCII without escapes");
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            T value = read(new CanonicalObject(json.RootElement, name));
            ReadOnlySpan<byte> canonical = write(value).Span;
            return canonical.SequenceEqual(document.Span)
                ? value
                : throw Fault(name, $"is not in canonical form: it differs from it at offset {canonical.CommonPrefixLength(document.Span)}");
        }
        catch (JsonException fault)
        {
            throw new ChainException(ChainError.MalformedDocument, $"{name} is not JSON: {fault.Message}", fault);
        }
    }

    public string Text(string name)
    {
        if (!_element.TryGetProperty(name, out JsonElement member))
        {
            throw Fault(_path, $"has no member '{name}'");
        }

        return member.ValueKind == JsonValueKind.String ? member.GetString()! : throw Fault($"{_path}.{name}", "is not a string");
    }

    public UInt128 Wei(string name) =>
        UInt128.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 value)
            ? value
            : throw Malformed(name, "an integer below 2^128");

    public ulong UInt64(string name) =>
        ulong.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw Malformed(name, "an integer below 2^64");

    public uint UInt32(string name) =>
        uint.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out uint value)
            ? value
            : throw Malformed(name, "an integer below 2^32");

    public Bytes32 Word(string name) =>
        Bytes32.TryParse(Text(name), null, out Bytes32 value)
            ? value
            : throw Malformed(name, "a 32-byte word");

    public EthereumAddress Address(string name) =>
        EthereumAddress.TryParse(Text(name), null, out EthereumAddress value)
            ? value
            : throw Malformed(name, "an address");

    public EthereumSignature Signature(string name) =>
        EthereumSignature.TryParse(Text(name), out EthereumSignature value) ? value : throw Malformed(name, "a canonical signature");

    public ContributorId Contributor(string name) =>
        ContributorId.TryParse(Text(name), null, out ContributorId value)
            ? value
            : throw Malformed(name, "a contributor id");

    public void Format(string expected)
    {
        string actual = Text("format");
        if (actual != expected)
        {
            throw Fault(_path, $"has the format '{actual}'; expected '{expected}'");
        }
    }

    public CanonicalObject Object(string name) =>
        _element.TryGetProperty(name, out JsonElement member)
            ? new CanonicalObject(member, $"{_path}.{name}")
            : throw Fault(_path, $"has no member '{name}'");

    public T[] Array<T>(string name, Func<CanonicalObject, T> read)
    {
        JsonElement array = ArrayElement(name);
        T[] items = new T[array.GetArrayLength()];
        int index = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            items[index] = read(new CanonicalObject(item, $"{_path}.{name}[{index}]"));
            index++;
        }

        return items;
    }

    public Bytes32[] Words(string name)
    {
        JsonElement array = ArrayElement(name);
        Bytes32[] items = new Bytes32[array.GetArrayLength()];
        int index = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            items[index] = item.ValueKind == JsonValueKind.String && Bytes32.TryParse(item.GetString(), null, out Bytes32 value)
                ? value
                : throw Fault($"{_path}.{name}[{index}]", "is not a 32-byte word");
            index++;
        }

        return items;
    }

    public byte[] RawBytes() => System.Text.Encoding.UTF8.GetBytes(_element.GetRawText());

    public ChainException Invalid(string reason) => Fault(_path, reason);

    private JsonElement ArrayElement(string name) =>
        _element.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Array
            ? member
            : throw Fault(_path, $"has no array '{name}'");

    private ChainException Malformed(string name, string expected)
    {
        string text = Text(name);
        return Fault($"{_path}.{name}", $"is '{(text.Length > 80 ? text[..80] + "…" : text)}', not {expected}");
    }

    private static ChainException Fault(string path, string reason) => new(ChainError.MalformedDocument, $"{path} {reason}.");
}
