using System.Globalization;
using System.Numerics;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>Python's numbers: unbounded integers (here up to 4096 bits), doubles, and booleans that count as 0 and 1.</summary>
internal static class PythonNumber
{
    private const int MaxBits = 4096;

    public static bool IsNumber(TemplateValue value) => value is IntegerValue or FloatValue or BooleanValue;

    public static bool IsInteger(TemplateValue value) => value is IntegerValue or BooleanValue;

    public static BigInteger ToInteger(TemplateValue value) => value switch
    {
        IntegerValue integer => integer.Value,
        BooleanValue boolean => boolean.Value ? 1 : 0,
        _ => throw new ArgumentException($"{value.TypeName} is not an integer.", nameof(value)),
    };

    public static double ToDouble(TemplateValue value) => value is FloatValue number ? number.Value : (double)ToInteger(value);

    /// <summary>-1, 0 or 1; null where one is NaN.</summary>
    public static int? Compare(TemplateValue left, TemplateValue right)
    {
        if (IsInteger(left) && IsInteger(right))
        {
            return ToInteger(left).CompareTo(ToInteger(right));
        }

        double a = ToDouble(left);
        double b = ToDouble(right);
        return double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b);
    }

    public static TemplateValue Calculate(RenderContext context, string symbol, TemplateValue left, TemplateValue right)
    {
        if (IsInteger(left) && IsInteger(right) && symbol != "/")
        {
            BigInteger a = ToInteger(left);
            BigInteger b = ToInteger(right);
            return symbol switch
            {
                "+" => Bounded(context, a + b),
                "-" => Bounded(context, a - b),
                "*" => Bounded(context, a * b),
                "//" => new IntegerValue(Floor(context, a, b).Quotient),
                "%" => new IntegerValue(Floor(context, a, b).Remainder),
                _ => Power(context, a, b),
            };
        }

        double x = ToDouble(left);
        double y = ToDouble(right);
        if (y == 0 && symbol is "/" or "//" or "%")
        {
            throw context.Fault("division by zero");
        }

        return new FloatValue(symbol switch
        {
            "+" => x + y,
            "-" => x - y,
            "*" => x * y,
            "/" => x / y,
            "//" => Math.Floor((x - Remainder(x, y)) / y),
            "%" => Remainder(x, y),
            _ => RealPower(context, x, y),
        });
    }

    public static IntegerValue Bounded(RenderContext context, BigInteger value) =>
        value.GetBitLength() <= MaxBits ? new IntegerValue(value) : throw context.Limit($"an integer has more than {MaxBits} bits");

    /// <summary>The shortest text that reads back as the same double, in Python's layout.</summary>
    public static string Repr(double value)
    {
        if (double.IsNaN(value))
        {
            return "nan";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "inf" : "-inf";
        }

        string text = value.ToString("E16", CultureInfo.InvariantCulture);
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponent = int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string sign = shortest.StartsWith('-') ? "-" : "";
        int mark = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = (mark < 0 ? shortest : shortest[..mark]).TrimStart('-');
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0').TrimEnd('0');
        if (digits.Length == 0)
        {
            return sign + "0.0";
        }

        if (mark >= 0)
        {
            // Rounding to 17 digits could carry into another power of ten; the shortest form names its own.
            int whole = mantissa.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? dot : mantissa.Length;
            exponent = int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) + whole - 1;
        }

        if (exponent is < -4 or >= 16)
        {
            string fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        return exponent < 0 ? sign + "0." + new string('0', -exponent - 1) + digits
            : digits.Length <= exponent + 1 ? sign + digits + new string('0', exponent + 1 - digits.Length) + ".0"
            : sign + digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }

    private static (BigInteger Quotient, BigInteger Remainder) Floor(RenderContext context, BigInteger a, BigInteger b)
    {
        if (b.IsZero)
        {
            throw context.Fault("division by zero");
        }

        BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger remainder);

        // Python rounds towards minus infinity, so that the remainder has the sign of the divisor.
        return remainder.IsZero || remainder.Sign == b.Sign ? (quotient, remainder) : (quotient - 1, remainder + b);
    }

    private static double Remainder(double x, double y)
    {
        double remainder = x % y;
        return remainder != 0 && Math.Sign(remainder) != Math.Sign(y) ? remainder + y : remainder == 0 ? Math.CopySign(0, y) : remainder;
    }

    private static TemplateValue Power(RenderContext context, BigInteger a, BigInteger b)
    {
        if (b.Sign < 0)
        {
            return a.IsZero ? throw context.Fault("zero to a negative power") : new FloatValue(Math.Pow((double)a, (double)b));
        }

        if (BigInteger.Abs(a) > 1 && b * (a.GetBitLength() - 1) > MaxBits)
        {
            throw context.Limit($"an integer has more than {MaxBits} bits");
        }

        return Bounded(context, BigInteger.Abs(a) > 1 || b.IsZero ? BigInteger.Pow(a, (int)b) : b.IsEven ? a * a : a);
    }

    private static double RealPower(RenderContext context, double x, double y)
    {
        double power = Math.Pow(x, y);
        return (x == 0 && y < 0) || (double.IsNaN(power) && !double.IsNaN(x) && !double.IsNaN(y)) || (double.IsInfinity(power) && double.IsFinite(x) && double.IsFinite(y))
            ? throw context.Fault($"{Repr(x)} ** {Repr(y)} is not a finite real number")
            : power;
    }
}
