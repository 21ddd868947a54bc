using System.Globalization;
using System.Numerics;

namespace OpenLedger.Datanets.Formats;

/// <summary>Numbers of columnar files as JSON.</summary>
internal static class ColumnarNumber
{
    public static void Write(JsonRowBuilder json, double value, ColumnarOptions options)
    {
        if (double.IsFinite(value))
        {
            json.Number(value);
        }
        else
        {
            WriteNonFinite(json, options);
        }
    }

    /// <summary>A float is written with as few digits as tell it apart, so 0.1 stays 0.1.</summary>
    public static void Write(JsonRowBuilder json, float value, ColumnarOptions options)
    {
        if (float.IsFinite(value))
        {
            json.Number(value);
        }
        else
        {
            WriteNonFinite(json, options);
        }
    }

    /// <summary>A decimal is text: JSON's numbers are binary, and a price must not change by being read.</summary>
    public static string Decimal(BigInteger unscaled, int scale)
    {
        if (scale is < 0 or > 256)
        {
            throw new FormatException(FormattableString.Invariant($"a decimal has the scale {scale}"));
        }

        string digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        string text = scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}";
        return unscaled.Sign < 0 ? "-" + text : text;
    }

    private static void WriteNonFinite(JsonRowBuilder json, ColumnarOptions options)
    {
        if (options.NonFinite != NonFiniteNumbers.Null)
        {
            throw new FormatException("a number is NaN or infinite, which JSON does not have; see ColumnarOptions.NonFinite");
        }

        json.Null();
    }
}
