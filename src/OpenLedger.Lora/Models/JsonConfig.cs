using System.Text.Json;
using System.Text.Unicode;

namespace OpenLedger.Lora.Models;

/// <summary>
/// A JSON object read field by field. Faults are collected, not thrown, so that one error can list all of them; fields that nobody
/// asked about can be enumerated. A field that is absent or <c>null</c> gives the default.
/// </summary>
internal sealed class JsonConfig
{
    /// <summary>Configurations are a few kilobytes; a larger file is not one.</summary>
    public const int MaxBytes = 4 << 20;

    private readonly Dictionary<string, JsonElement> _fields;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly string _prefix;

    private JsonConfig(string path, Dictionary<string, JsonElement> fields, string prefix, List<string> faults, List<string> unsupported)
    {
        Path = path;
        _fields = fields;
        _prefix = prefix;
        Faults = faults;
        Unsupported = unsupported;
    }

    public string Path { get; }

    /// <summary>What is missing, of the wrong type or impossible; sections add to the list of the whole file.</summary>
    public List<string> Faults { get; }

    /// <summary>What is well-formed and not implemented; sections add to the list of the whole file.</summary>
    public List<string> Unsupported { get; }

    /// <summary>Present fields that no method of this object was asked about.</summary>
    public IEnumerable<KeyValuePair<string, JsonElement>> Unknown => _fields.Where(f => !_known.Contains(f.Key));

    public static JsonConfig Load(string path)
    {
        byte[] bytes;
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                throw new ModelFormatException(
                    ModelFormatError.TooLarge, path, $"a configuration of {stream.Length} bytes; the limit is {MaxBytes}");
            }

            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException(ModelFormatError.FileMissing, path, "the file does not exist", exception);
        }

        return Parse(bytes, path);
    }

    public static JsonConfig Parse(ReadOnlyMemory<byte> json, string path)
    {
        // Checked once for the whole file: JsonElement would find out only where a text is read, each time with another exception.
        if (!Utf8.IsValid(json.Span))
        {
            throw new ModelFormatException(ModelFormatError.ConfigInvalid, path, "not valid UTF-8");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ModelFormatException(ModelFormatError.ConfigInvalid, path, "the configuration is not a JSON object");
            }

            // Not by AllowDuplicateProperties = false: for more than a few names it hashes with a seed from the system's OpenSSL, and where
            // that is missing the process aborts.
            if (FindDuplicate(document.RootElement) is { } duplicate)
            {
                throw new ModelFormatException(ModelFormatError.ConfigInvalid, path, $"not valid JSON: the name '{duplicate}' occurs twice in one object");
            }

            return new JsonConfig(path, FieldsOf(document.RootElement.Clone()), "", [], []);
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(ModelFormatError.ConfigInvalid, path, $"not valid JSON: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new ModelFormatException(ModelFormatError.ConfigInvalid, path, $"a name is not valid Unicode: {exception.Message}", exception);
        }
    }

    /// <summary>The first name that an object at any depth has twice, escapes resolved.</summary>
    private static string? FindDuplicate(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().Select(FindDuplicate).FirstOrDefault(name => name is not null);
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                return property.Name;
            }

            if (FindDuplicate(property.Value) is { } nested)
            {
                return nested;
            }
        }

        return null;
    }

    /// <summary>An object inside this one, which shares its lists of faults; <see langword="null"/> if it is absent, null or no object.</summary>
    public JsonConfig? Section(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            Faults.Add($"{Quote(name)} is {Show(value)}, not an object");
            return null;
        }

        try
        {
            return new JsonConfig(Path, FieldsOf(value), $"{_prefix}{name}.", Faults, Unsupported);
        }
        catch (InvalidOperationException)
        {
            Faults.Add($"{Quote(name)} has a name that is not valid Unicode");
            return null;
        }
    }

    /// <summary>The name of a field as messages show it, with the sections it lies in.</summary>
    public string Quote(string name) => $"'{_prefix}{name}'";

    /// <summary>Whether the field is there, be it <c>null</c>.</summary>
    public bool Holds(string name) => _fields.ContainsKey(name);

    /// <summary>Takes note of fields that cannot change what a model computes.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            _known.Add(name);
        }
    }

    /// <summary>The field, unless it is absent or null.</summary>
    public bool TryGet(string name, out JsonElement value)
    {
        _known.Add(name);
        return _fields.TryGetValue(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    public int RequiredInt32(string name)
    {
        int? value = OptionalInt32(name);
        if (value is null && !TryGet(name, out _))
        {
            Faults.Add($"{Quote(name)} is missing");
        }

        return value ?? 0;
    }

    public int? OptionalInt32(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number))
        {
            return number;
        }

        Faults.Add($"{Quote(name)} is {Show(value)}, not a whole number that fits 32 bits");
        return null;
    }

    public double OptionalDouble(string name, double defaultValue)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return defaultValue;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number))
        {
            return number;
        }

        Faults.Add($"{Quote(name)} is {Show(value)}, not a finite number");
        return defaultValue;
    }

    public bool OptionalBoolean(string name, bool defaultValue)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return defaultValue;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Faults.Add($"{Quote(name)} is {Show(value)}, not true or false");
        return defaultValue;
    }

    public string? OptionalString(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        if (TryGetText(value, out string text))
        {
            return text;
        }

        Faults.Add($"{Quote(name)} is {Show(value)}, not text");
        return null;
    }

    /// <summary>A number or an array of numbers.</summary>
    public int[] OptionalInt32List(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return [];
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        int[] numbers = new int[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i].ValueKind != JsonValueKind.Number || !items[i].TryGetInt32(out numbers[i]))
            {
                Faults.Add($"{Quote(name)} holds {Show(items[i])}, not a whole number that fits 32 bits");
                return [];
            }
        }

        return numbers;
    }

    /// <summary>An array of finite numbers.</summary>
    public double[] OptionalDoubleList(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return [];
        }

        double[] numbers = new double[value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : 0];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (value[i].ValueKind != JsonValueKind.Number || !value[i].TryGetDouble(out numbers[i]) || !double.IsFinite(numbers[i]))
            {
                Faults.Add($"{Quote(name)} holds {Show(value[i])}, not a finite number");
                return [];
            }
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Faults.Add($"{Quote(name)} is {Show(value)}, not an array");
        }

        return numbers;
    }

    /// <summary>A text or an array of texts.</summary>
    public string[] OptionalStringList(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return [];
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        string[] texts = new string[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (!TryGetText(items[i], out texts[i]))
            {
                Faults.Add($"{Quote(name)} holds {Show(items[i])}, not text");
                return [];
            }
        }

        return texts;
    }

    /// <summary>The value as a short text for a message.</summary>
    public static string Show(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
    }

    /// <summary>Reads a JSON string; false for other kinds and for text with unpaired surrogates.</summary>
    public static bool TryGetText(JsonElement value, out string text)
    {
        text = "";
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static Dictionary<string, JsonElement> FieldsOf(JsonElement value)
    {
        Dictionary<string, JsonElement> fields = new(StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            fields.Add(property.Name, property.Value);
        }

        return fields;
    }
}
