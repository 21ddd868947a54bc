using System.Globalization;
using System.Numerics;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>Check digits as the standards describe them, on text and big integers.</summary>
internal static class ReferenceChecks
{
    /// <summary>From the right, every second digit is doubled and its digits added.</summary>
    public static bool Luhn(string number)
    {
        int sum = 0;
        bool twice = false;
        foreach (char c in number.Reverse())
        {
            int value = (c - '0') * (twice ? 2 : 1);
            sum += (value / 10) + (value % 10);
            twice = !twice;
        }

        return sum % 10 == 0;
    }

    /// <summary>98 less the remainder of account, country and 00, letters counted from 10.</summary>
    public static string IbanCheckDigits(string country, string account)
    {
        string digits = string.Concat((account + country + "00").Select(c => char.IsAsciiDigit(c)
            ? c.ToString()
            : (c - 'A' + 10).ToString(CultureInfo.InvariantCulture)));
        BigInteger rest = BigInteger.Parse(digits, CultureInfo.InvariantCulture) % 97;
        return (98 - rest).ToString("00", CultureInfo.InvariantCulture);
    }
}
