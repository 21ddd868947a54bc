using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Lora.Gguf;

/// <summary>The key-value entries of a GGUF file, for example <c>general.architecture</c>.</summary>
/// <remarks>
/// <para>
/// Values keep the type they were stored with: <see cref="byte"/> to <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>,
/// or an array of these; arrays of arrays are <c>object[]</c>. The typed getters convert between integer widths, and between the
/// two floating-point widths, and nothing else. Names that start with <c>Find</c> give <see langword="null"/> for an absent key.
/// </para>
/// <para>A key that is absent or of another type is a fault of the file and reported as <see cref="ModelFormatException"/>.</para>
/// <para>Thread-safe. Arrays handed out are the stored ones: do not write to them.</para>
/// </remarks>
public sealed class GgufMetadata
{
    private readonly Dictionary<string, object> _values;
    private readonly string _path;

    internal GgufMetadata(Dictionary<string, object> values, string path)
    {
        _values = values;
        _path = path;
    }

    /// <summary>All keys, in the order of the file.</summary>
    public IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>Whether an entry exists.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns><see langword="true"/> if it does.</returns>
    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>The value as it was stored.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <param name="value">A boxed number, a <see cref="bool"/>, a <see cref="string"/> or an array.</param>
    /// <returns><see langword="false"/> if the key is absent.</returns>
    public bool TryGetValue(string key, [NotNullWhen(true)] out object? value) => _values.TryGetValue(key, out value);

    /// <summary>Text.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ModelFormatException">The key is absent or not text.</exception>
    public string GetString(string key) => FindString(key) ?? throw Missing(key);

    /// <summary>Text, if the key is present.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The text, or <see langword="null"/>.</returns>
    /// <exception cref="ModelFormatException">The value is not text.</exception>
    public string? FindString(string key) => _values.TryGetValue(key, out object? value) ? value as string ?? throw Wrong(key, "text") : null;

    /// <summary>A truth value.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ModelFormatException">The key is absent or not a truth value.</exception>
    public bool GetBoolean(string key) => FindBoolean(key) ?? throw Missing(key);

    /// <summary>A truth value, if the key is present.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The value, or <see langword="null"/>.</returns>
    /// <exception cref="ModelFormatException">The value is not a truth value.</exception>
    public bool? FindBoolean(string key) => _values.TryGetValue(key, out object? value) ? value as bool? ?? throw Wrong(key, "a truth value") : null;

    /// <summary>A whole number.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ModelFormatException">The key is absent, not a whole number, or beyond 32 signed bits.</exception>
    public int GetInt32(string key) => FindInt32(key) ?? throw Missing(key);

    /// <summary>A whole number, if the key is present.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The value, or <see langword="null"/>.</returns>
    /// <exception cref="ModelFormatException">The value is not a whole number or beyond 32 signed bits.</exception>
    public int? FindInt32(string key)
    {
        if (!_values.TryGetValue(key, out object? value))
        {
            return null;
        }

        long number = WholeNumber(value) ?? throw Wrong(key, "a whole number");
        return number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Invalid(key, $"{number} is beyond 32 signed bits");
    }

    /// <summary>A floating-point number; a double is rounded.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ModelFormatException">The key is absent or not a floating-point number.</exception>
    public float GetSingle(string key) => FindSingle(key) ?? throw Missing(key);

    /// <summary>A floating-point number, if the key is present; a double is rounded.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The value, or <see langword="null"/>.</returns>
    /// <exception cref="ModelFormatException">The value is not a floating-point number.</exception>
    public float? FindSingle(string key) => _values.TryGetValue(key, out object? value)
        ? value switch
        {
            float single => single,
            double wide => (float)wide,
            _ => throw Wrong(key, "a floating-point number"),
        }
        : null;

    /// <summary>An array of texts.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="ModelFormatException">The key is absent or not an array of texts.</exception>
    public IReadOnlyList<string> GetStrings(string key) => FindStrings(key) ?? throw Missing(key);

    /// <summary>An array of texts, if the key is present.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The texts, or <see langword="null"/>.</returns>
    /// <exception cref="ModelFormatException">The value is not an array of texts.</exception>
    public IReadOnlyList<string>? FindStrings(string key) =>
        _values.TryGetValue(key, out object? value) ? value as string[] ?? throw Wrong(key, "an array of texts") : null;

    /// <summary>An array of whole numbers, if the key is present.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The numbers, or <see langword="null"/>.</returns>
    /// <exception cref="ModelFormatException">The value is not an array of whole numbers, or one is beyond 32 signed bits.</exception>
    public IReadOnlyList<int>? FindInt32s(string key)
    {
        if (!_values.TryGetValue(key, out object? value))
        {
            return null;
        }

        // A direct type test: the runtime would also let an int[] pass for a uint[] and change its values.
        if (value.GetType() == typeof(int[]))
        {
            return (int[])value;
        }

        if (value is not Array { Rank: 1 } array || array.GetType().GetElementType() is not { IsPrimitive: true } element
            || element == typeof(bool) || element == typeof(float) || element == typeof(double))
        {
            throw Wrong(key, "an array of whole numbers");
        }

        int[] numbers = new int[array.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            long number = WholeNumber(array.GetValue(i)!)!.Value;
            numbers[i] = number is >= int.MinValue and <= int.MaxValue
                ? (int)number
                : throw Invalid(key, $"element {i}, {number}, is beyond 32 signed bits");
        }

        return numbers;
    }

    /// <summary>An array of single-precision numbers, if the key is present.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <returns>The numbers, or <see langword="null"/>.</returns>
    /// <exception cref="ModelFormatException">The value is not an array of single-precision numbers.</exception>
    public IReadOnlyList<float>? FindSingles(string key) =>
        _values.TryGetValue(key, out object? value) ? value as float[] ?? throw Wrong(key, "an array of f32") : null;

    /// <summary>A value of one type for every layer: GGUF stores either one number for all or an array with one per layer.</summary>
    /// <param name="key">Key of an entry.</param>
    /// <param name="count">Number of layers.</param>
    /// <returns><paramref name="count"/> numbers, or <see langword="null"/> if the key is absent.</returns>
    /// <exception cref="ModelFormatException">The value is neither, or the array has another length.</exception>
    public IReadOnlyList<int>? FindInt32PerLayer(string key, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (!_values.TryGetValue(key, out object? value))
        {
            return null;
        }

        if (value is not Array)
        {
            return [.. Enumerable.Repeat(GetInt32(key), count)];
        }

        IReadOnlyList<int> numbers = FindInt32s(key)!;
        return numbers.Count == count ? numbers : throw Invalid(key, $"it holds {numbers.Count} numbers for {count} layers");
    }

    private static long? WholeNumber(object value) => value switch
    {
        byte number => number,
        sbyte number => number,
        ushort number => number,
        short number => number,
        uint number => number,
        int number => number,
        long number => number,

        // Larger ones are beyond every range asked for anyway.
        ulong number => (long)Math.Min(number, long.MaxValue),
        _ => null,
    };

    private ModelFormatException Missing(string key) => new(ModelFormatError.ConfigInvalid, _path, $"metadata '{key}' is missing");

    private ModelFormatException Wrong(string key, string expected) => Invalid(key, $"it is {Describe(_values[key])}, not {expected}");

    private ModelFormatException Invalid(string key, string reason) => new(ModelFormatError.ConfigInvalid, _path, $"metadata '{key}': {reason}");

    private static string Describe(object value) => value is Array array
        ? $"an array of {array.Length} {array.GetType().GetElementType()!.Name}"
        : $"a {value.GetType().Name}";
}
