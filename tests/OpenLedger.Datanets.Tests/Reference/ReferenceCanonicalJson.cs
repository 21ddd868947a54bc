using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>RFC 8785 over a tree of elements, with strings for everything. Slow on purpose.</summary>
internal static class ReferenceCanonicalJson
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The canonical form, or the error that stands in its way.</summary>
    public static (string? Canonical, DatanetError? Error) Canonicalize(ReadOnlySpan<byte> json, bool refuseInexactIntegers = false)
    {
        try
        {
            _ = Strict.GetString(json);
        }
        catch (DecoderFallbackException)
        {
            return (null, DatanetError.InvalidUtf8);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(
                json.ToArray(), new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            return (Write(document.RootElement, refuseInexactIntegers), null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or OverflowException)
        {
            return (null, DatanetError.InvalidJson);
        }
    }

    /// <summary>ECMA-262, Number::toString, steps 5 to 11, from the digits of the "E" formats: the fewest that read back.</summary>
    public static string Number(double value)
    {
        if (value == 0)
        {
            return "0";
        }

        if (value < 0)
        {
            return "-" + Number(-value);
        }

        int precision = 0;
        while (double.Parse(value.ToString("E" + precision, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) != value)
        {
            precision++;
        }

        string[] parts = value.ToString("E" + precision, CultureInfo.InvariantCulture).Split('E');
        string s = parts[0].Replace(".", "", StringComparison.Ordinal);
        int k = s.Length;
        int n = int.Parse(parts[1], CultureInfo.InvariantCulture) + 1;
        string sign = n - 1 < 0 ? "-" : "+";
        return (k, n) switch
        {
            _ when k <= n && n <= 21 => s + new string('0', n - k),
            _ when n is > 0 and <= 21 => s[..n] + "." + s[n..],
            _ when n is > -6 and <= 0 => "0." + new string('0', -n) + s,
            (1, _) => s + "e" + sign + Math.Abs(n - 1),
            _ => s[0] + "." + s[1..] + "e" + sign + Math.Abs(n - 1),
        };
    }

    private static string Write(JsonElement element, bool refuseInexactIntegers)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return "{" + string.Join(",", element.EnumerateObject()
                    .OrderBy(member => member.Name, StringComparer.Ordinal)
                    .Select(member => Text(member.Name) + ":" + Write(member.Value, refuseInexactIntegers))) + "}";
            case JsonValueKind.Array:
                return "[" + string.Join(",", element.EnumerateArray().Select(item => Write(item, refuseInexactIntegers))) + "]";
            case JsonValueKind.String:
                return Text(element.GetString()!);
            case JsonValueKind.Number:
                string raw = element.GetRawText();
                double value = double.Parse(raw, NumberStyles.Float, CultureInfo.InvariantCulture);
                if (!double.IsFinite(value))
                {
                    throw new OverflowException();
                }

                bool isInteger = !raw.Contains('.', StringComparison.Ordinal) && !raw.Contains('e', StringComparison.OrdinalIgnoreCase);
                return refuseInexactIntegers && isInteger && Math.Abs(value) > 9007199254740991 ? throw new OverflowException() : Number(value);
            default:
                return element.GetRawText();
        }
    }

    private static string Text(string text)
    {
        StringBuilder output = new("\"");
        foreach (char c in text)
        {
            output.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                < ' ' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return output.Append('"').ToString();
    }
}
