using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenLedger.Chain.Evm;

namespace OpenLedger.Chain.Canonical;

// Canonical JSON is RFC 8785 restricted to objects, arrays and strings of printable ASCII without escapes: no whitespace, members sorted by
// name, every integer a decimal string. One value has one text, so documents can be hashed, and any changed byte is either another value or
// no canonical document at all. The writer trusts its callers to name members in order; reading a document back checks it.
internal sealed class CanonicalWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;

    public CanonicalWriter() =>
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static byte[] Write(Action<CanonicalWriter> content)
    {
        using CanonicalWriter writer = new();
        writer.Object(content);
        writer._json.Flush();
        return writer._buffer.WrittenSpan.ToArray();
    }

    public void Object(Action<CanonicalWriter> content)
    {
        _json.WriteStartObject();
        content(this);
        _json.WriteEndObject();
    }

    public void Object(string name, Action<CanonicalWriter> content)
    {
        _json.WritePropertyName(name);
        Object(content);
    }

    public void Array<T>(string name, IEnumerable<T> items, Action<CanonicalWriter, T> item)
    {
        _json.WriteStartArray(name);
        foreach (T value in items)
        {
            item(this, value);
        }

        _json.WriteEndArray();
    }

    public void Raw(string name, ReadOnlySpan<byte> canonicalObject)
    {
        _json.WritePropertyName(name);
        _json.WriteRawValue(canonicalObject, skipInputValidation: true);
    }

    public void Member(string name, string value) => _json.WriteString(name, value);

    public void Member(string name, UInt128 value) => _json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));

    public void Member(string name, Bytes32 value) => _json.WriteString(name, value.ToString());

    public void Member(string name, EthereumAddress value) => _json.WriteString(name, value.ToString());

    public void Member(string name, EthereumSignature value) => _json.WriteString(name, value.ToString());

    public void Value(Bytes32 value) => _json.WriteStringValue(value.ToString());

    public void Dispose() => _json.Dispose();
}
