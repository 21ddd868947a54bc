using System.Globalization;
using System.Numerics;

namespace PayableAi.Reporting;

/// <summary>Amounts for people: wei as decimal strings in, OPEN (10^18 wei) out. Exact integers; no floating point is involved.</summary>
public static class OpenAmount
{
    private const int Decimals = 18;

    // 2^256 has 78 digits; a longer amount cannot exist on a ledger and would only cost time.
    private const int MaximumDigits = 78;

    private static readonly BigInteger WeiPerOpen = BigInteger.Pow(10, Decimals);

    /// <summary>Reads an amount: digits only, no sign, at most 78.</summary>
    /// <param name="text">The decimal string.</param>
    /// <param name="wei">The amount in wei.</param>
    public static bool TryParse(string? text, out BigInteger wei)
    {
        wei = BigInteger.Zero;
        return text is { Length: > 0 and <= MaximumDigits }
            && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0
            && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out wei);
    }

    /// <summary>Reads an amount.</summary>
    /// <param name="text">The decimal string.</param>
    /// <exception cref="ArgumentException">The text is no amount.</exception>
    public static BigInteger Parse(string text) => TryParse(text, out BigInteger wei)
        ? wei
        : throw new ArgumentException($"'{text}' is no amount; write wei as 1 to {MaximumDigits} decimal digits.", nameof(text));

    /// <summary>The exact amount in OPEN, without trailing zeros: 1500000000000000000 is <c>1.5</c>.</summary>
    /// <param name="wei">The amount, not negative.</param>
    public static string Exact(BigInteger wei)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wei);
        BigInteger whole = BigInteger.DivRem(wei, WeiPerOpen, out BigInteger rest);
        string fraction = rest.ToString("D18", CultureInfo.InvariantCulture).TrimEnd('0');
        string head = whole.ToString(CultureInfo.InvariantCulture);
        return fraction.Length == 0 ? head : $"{head}.{fraction}";
    }

    /// <summary>The amount in OPEN cut (never rounded up) to four significant digits and at least two decimals, for a sentence: <c>0.001234</c>.</summary>
    /// <param name="wei">The amount, not negative.</param>
    public static string Cut(BigInteger wei)
    {
        string exact = Exact(wei);
        int point = exact.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
        {
            return exact;
        }

        int first = exact.AsSpan().IndexOfAnyInRange('1', '9');
        int last = Math.Max(first < point ? first + 4 : first + 3, point + 2);
        string cut = exact[..Math.Min(exact.Length, last + 1)].TrimEnd('0');
        return cut.EndsWith('.') ? cut[..^1] : cut;
    }
}
