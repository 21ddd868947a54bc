using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace OpenLedger.Datanets.Canonical;

/// <summary>JSON with one spelling per value: the JSON Canonicalization Scheme of RFC 8785.</summary>
/// <remarks>
/// No white space, members sorted by the UTF-16 code units of their names, numbers as ECMAScript writes them, shortest escapes, UTF-8.
/// Numbers are IEEE 754 doubles, as the RFC demands; more digits than a double holds are lost here and refused by records.
/// All members are safe for concurrent use.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>Greatest number of arrays and objects inside each other.</summary>
    public const int MaxDepth = 64;

    /// <summary>2^53 - 1, up to which a double holds every integer: the I-JSON bound (RFC 7493, 2.2).</summary>
    internal const double MaxSafeInteger = 9007199254740991;

    /// <summary>Writes a node in its canonical form.</summary>
    /// <param name="node">The value; <see langword="null"/> is the JSON <c>null</c>.</param>
    /// <returns>UTF-8 without a byte order mark.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>: the node holds NaN, an infinity, a lone surrogate or a name twice, or is deeper than
    /// <see cref="MaxDepth"/>.
    /// </exception>
    public static byte[] Serialize(JsonNode? node) => Serialize(node, refuseInexactIntegers: false);

    /// <summary>Writes a parsed element in its canonical form.</summary>
    /// <param name="element">A value other than the default.</param>
    /// <returns>UTF-8 without a byte order mark.</returns>
    /// <exception cref="ArgumentException"><paramref name="element"/> is the default value.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>: the element holds a number beyond the doubles, a lone surrogate or a name twice, or is
    /// deeper than <see cref="MaxDepth"/>.
    /// </exception>
    public static byte[] Serialize(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            throw new ArgumentException("The default JsonElement holds no value; parse one first.", nameof(element));
        }

        return Serialize(element, refuseInexactIntegers: false);
    }

    /// <summary>Brings JSON text into its canonical form.</summary>
    /// <param name="json">UTF-8 without a byte order mark.</param>
    /// <returns>The canonical UTF-8; equal to the input when that is canonical already.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidUtf8"/> or <see cref="DatanetError.InvalidJson"/>; see <see cref="Serialize(JsonElement)"/>.
    /// </exception>
    public static byte[] Canonicalize(ReadOnlySpan<byte> json) =>
        Utf8Canonicalizer.TryCanonicalize(json, refuseInexactIntegers: false, out byte[] canonical)
            ? canonical
            : SerializeElement(Parse(json), refuseInexactIntegers: false);

    /// <summary>Whether <paramref name="json"/> is valid JSON and spelled canonically.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> json)
    {
        try
        {
            return Canonicalize(json).AsSpan().SequenceEqual(json);
        }
        catch (DatanetException)
        {
            return false;
        }
    }

    /// <summary>Parses strictly, turning every fault into a <see cref="DatanetException"/>.</summary>
    internal static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new DatanetException(DatanetError.InvalidUtf8, "The JSON text is not valid UTF-8.");
        }

        try
        {
            return JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException exception)
        {
            throw new DatanetException(DatanetError.InvalidJson, $"Not valid JSON: {exception.Message}", exception);
        }
    }

    /// <inheritdoc cref="Serialize(JsonElement, bool)"/>
    internal static byte[] Serialize(JsonNode? node, bool refuseInexactIntegers)
    {
        ArrayBufferWriter<byte> output = new();
        Write(output, node, depth: 0, refuseInexactIntegers);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes an element; with the flag set, integers that a double would round are an error instead of a silent change.</summary>
    internal static byte[] Serialize(JsonElement element, bool refuseInexactIntegers) =>
        Utf8Canonicalizer.TryCanonicalize(JsonMarshal.GetRawUtf8Value(element), refuseInexactIntegers, out byte[] canonical)
            ? canonical
            : SerializeElement(element, refuseInexactIntegers);

    // The path for whatever is rare, and the one that says what is wrong.
    private static byte[] SerializeElement(JsonElement element, bool refuseInexactIntegers)
    {
        ArrayBufferWriter<byte> output = new();
        Write(output, element, depth: 0, refuseInexactIntegers);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonNode? node, int depth, bool refuseInexactIntegers)
    {
        switch (node)
        {
            case null:
                output.Write("null"u8);
                break;
            case JsonObject members:
                ThrowIfTooDeep(depth);
                List<KeyValuePair<string, JsonNode?>> sorted = Sort(members);
                output.Write("{"u8);
                for (int i = 0; i < sorted.Count; i++)
                {
                    WriteName(output, sorted[i].Key, i);
                    Write(output, sorted[i].Value, depth + 1, refuseInexactIntegers);
                }

                output.Write("}"u8);
                break;
            case JsonArray items:
                ThrowIfTooDeep(depth);
                output.Write("["u8);
                for (int i = 0; i < items.Count; i++)
                {
                    output.Write(i == 0 ? [] : ","u8);
                    Write(output, items[i], depth + 1, refuseInexactIntegers);
                }

                output.Write("]"u8);
                break;
            default:
                WriteValue(output, node.AsValue(), depth, refuseInexactIntegers);
                break;
        }
    }

    private static List<KeyValuePair<string, JsonNode?>> Sort(JsonObject members)
    {
        try
        {
            List<KeyValuePair<string, JsonNode?>> sorted = [.. members];
            sorted.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
            return sorted;
        }
        catch (ArgumentException exception) // JsonObject notices a repeated name only when it is first enumerated
        {
            throw new DatanetException(DatanetError.InvalidJson, $"A JSON object holds a name twice: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw LoneSurrogate(exception);
        }
    }

    private static void WriteValue(ArrayBufferWriter<byte> output, JsonValue value, int depth, bool refuseInexactIntegers)
    {
        string? text;
        byte[] json;
        try
        {
            if (value.TryGetValue(out char character))
            {
                text = character.ToString(); // the serializer would replace half a surrogate pair in silence
            }
            else if (!value.TryGetValue(out text) || text is null)
            {
                json = JsonSerializer.SerializeToUtf8Bytes(value);
                Write(output, Parse(json), depth, refuseInexactIntegers);
                return;
            }
        }
        catch (ArgumentException exception)
        {
            throw new DatanetException(DatanetError.InvalidJson, "NaN and the infinities have no JSON form; leave the member out.", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw LoneSurrogate(exception);
        }

        WriteString(output, text);
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonElement element, int depth, bool refuseInexactIntegers)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                ThrowIfTooDeep(depth);
                List<(string Name, JsonElement Value)> members = Sort(element);
                output.Write("{"u8);
                for (int i = 0; i < members.Count; i++)
                {
                    if (i > 0 && members[i].Name == members[i - 1].Name)
                    {
                        throw new DatanetException(DatanetError.InvalidJson, $"A JSON object holds the name '{members[i].Name}' twice.");
                    }

                    WriteName(output, members[i].Name, i);
                    Write(output, members[i].Value, depth + 1, refuseInexactIntegers);
                }

                output.Write("}"u8);
                break;
            case JsonValueKind.Array:
                ThrowIfTooDeep(depth);
                output.Write("["u8);
                bool first = true;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    output.Write(first ? [] : ","u8);
                    first = false;
                    Write(output, item, depth + 1, refuseInexactIntegers);
                }

                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteString(output, Text(element));
                break;
            case JsonValueKind.Number:
                WriteNumber(output, element, refuseInexactIntegers);
                break;
            default:
                output.Write(element.ValueKind switch
                {
                    JsonValueKind.True => "true"u8,
                    JsonValueKind.False => "false"u8,
                    _ => "null"u8,
                });
                break;
        }
    }

    private static List<(string Name, JsonElement Value)> Sort(JsonElement element)
    {
        List<(string Name, JsonElement Value)> members = new(element.GetPropertyCount());
        try
        {
            foreach (JsonProperty member in element.EnumerateObject())
            {
                members.Add((member.Name, member.Value));
            }
        }
        catch (InvalidOperationException exception)
        {
            throw LoneSurrogate(exception);
        }

        members.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return members;
    }

    /// <summary>The text of a string element; JSON escapes can spell half a surrogate pair, which is no text.</summary>
    internal static string Text(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw LoneSurrogate(exception);
        }
    }

    private static void WriteNumber(ArrayBufferWriter<byte> output, JsonElement element, bool refuseInexactIntegers)
    {
        double value = element.GetDouble();
        if (!double.IsFinite(value))
        {
            throw new DatanetException(DatanetError.InvalidJson, $"The number {Excerpt(element)} is beyond the range of a double; write it as a string.");
        }

        if (refuseInexactIntegers && Math.Abs(value) > MaxSafeInteger && element.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0)
        {
            throw new DatanetException(
                DatanetError.InvalidJson,
                $"The integer {Excerpt(element)} is beyond ±{MaxSafeInteger:F0} and would be rounded; write it as a string.");
        }

        EcmaScriptNumber.Write(output, value);
    }

    private static string Excerpt(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "…";
    }

    private static void WriteName(ArrayBufferWriter<byte> output, string name, int index)
    {
        output.Write(index == 0 ? [] : ","u8);
        WriteString(output, name);
        output.Write(":"u8);
    }

    private static void WriteString(ArrayBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        output.Write("\""u8);
        WriteText(output, text);
        output.Write("\""u8);
    }

    /// <summary>Writes a text without the quotes around it.</summary>
    internal static void WriteText(ArrayBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            int clean = text.IndexOfAny(CharactersToEscape);
            clean = clean < 0 ? text.Length : clean;
            WriteUtf8(output, text[..clean]);
            if (clean == text.Length)
            {
                break;
            }

            WriteEscape(output, text[clean]);
            text = text[(clean + 1)..];
        }
    }

    private static readonly SearchValues<char> CharactersToEscape =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    private static void WriteUtf8(ArrayBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        Span<byte> destination = output.GetSpan(checked(3 * text.Length) + 1);
        if (Utf8.FromUtf16(text, destination, out _, out int written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw LoneSurrogate(null);
        }

        output.Advance(written);
    }

    private static void WriteEscape(ArrayBufferWriter<byte> output, char character) =>
        output.Advance(WriteEscape(output.GetSpan(LongestEscape), character));

    private const int LongestEscape = 6;

    /// <summary>Writes the shortest escape of a character that needs one; returns its length, at most 6.</summary>
    internal static int WriteEscape(Span<byte> destination, char character)
    {
        ReadOnlySpan<byte> shortForm = character switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\t' => "\\t"u8,
            '\n' => "\\n"u8,
            '\f' => "\\f"u8,
            '\r' => "\\r"u8,
            _ => [],
        };
        if (!shortForm.IsEmpty)
        {
            shortForm.CopyTo(destination);
            return shortForm.Length;
        }

        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        "\\u00"u8.CopyTo(destination);
        destination[4] = digits[character >> 4];
        destination[5] = digits[character & 0xF];
        return LongestEscape;
    }

    private static void ThrowIfTooDeep(int depth)
    {
        if (depth >= MaxDepth)
        {
            throw new DatanetException(DatanetError.InvalidJson, $"The JSON value is nested deeper than {MaxDepth}.");
        }
    }

    private static DatanetException LoneSurrogate(Exception? cause) =>
        new(DatanetError.InvalidJson, "A JSON string holds half a surrogate pair, which no UTF-8 text can express.", cause);
}
