using System.Buffers;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Tells values that a machine or a careful person made up from words and placeholders.</summary>
internal static class SecretShape
{
    private const double MinEntropy = 2.5;
    private const int MaxMeasured = 128;

    private static readonly SearchValues<string> Placeholders = SearchValues.Create(
    [
        "xxxx", "****", "....", "your", "example", "placeholder", "changeme", "redacted", "dummy", "insert", "todo", "none", "null", "undefined",
        "process.env", "os.environ", "getenv", "required", "string", "123456789", "secret_here", "sample", "test_key", "fake",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>Shannon entropy in bits per character of at most the first 128 characters.</summary>
    public static double Entropy(ReadOnlySpan<char> value)
    {
        value = value.Length > MaxMeasured ? value[..MaxMeasured] : value;
        if (value.IsEmpty)
        {
            return 0;
        }

        Span<byte> counts = stackalloc byte[128];
        foreach (char c in value)
        {
            counts[c & 127]++;
        }

        double entropy = 0;
        foreach (byte count in counts)
        {
            if (count > 0)
            {
                double share = (double)count / value.Length;
                entropy -= share * Math.Log2(share);
            }
        }

        return entropy;
    }

    /// <summary>Whether a value mixes letters with digits, has entropy and is no placeholder.</summary>
    public static bool LooksRandom(ReadOnlySpan<char> value) =>
        HasDigitAndLetter(value) && Entropy(value) >= MinEntropy && !IsPlaceholder(value);

    public static bool HasDigitAndLetter(ReadOnlySpan<char> value) =>
        value.ContainsAnyInRange('0', '9') && (value.ContainsAnyInRange('a', 'z') || value.ContainsAnyInRange('A', 'Z'));

    public static bool IsPlaceholder(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty || value[0] is '<' || (value[0] is '[' or '{' or '$' or '%' && value[^1] is ']' or '}' or '%' or ')'))
        {
            return true;
        }

        return (value.Length > MaxMeasured ? value[..MaxMeasured] : value).ContainsAny(Placeholders);
    }
}
