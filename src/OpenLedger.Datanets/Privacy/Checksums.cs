using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace OpenLedger.Datanets.Privacy;

/// <summary>The published check-digit rules of numbers that people carry.</summary>
/// <remarks>
/// Numeric rules take digit values 0-9, not characters, of the exact length that the number has; the callers match shapes first. Rules
/// that one number in ten passes by chance are evidence only together with a format or a context word.
/// </remarks>
internal static class Checksums
{
    private const string NifLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const string Bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const uint Bech32Constant = 1;
    private const uint Bech32MConstant = 0x2bc830a3;

    private static ReadOnlySpan<byte> VerhoeffProduct =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 0, 6, 7, 8, 9, 5, 2, 3, 4, 0, 1, 7, 8, 9, 5, 6, 3, 4, 0, 1, 2, 8, 9, 5, 6, 7,
        4, 0, 1, 2, 3, 9, 5, 6, 7, 8, 5, 9, 8, 7, 6, 0, 4, 3, 2, 1, 6, 5, 9, 8, 7, 1, 0, 4, 3, 2, 7, 6, 5, 9, 8, 2, 1, 0, 4, 3,
        8, 7, 6, 5, 9, 3, 2, 1, 0, 4, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ];

    private static ReadOnlySpan<byte> VerhoeffPermutation =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 5, 7, 6, 2, 8, 3, 0, 9, 4, 5, 8, 0, 3, 7, 9, 6, 1, 4, 2, 8, 9, 1, 6, 0, 4, 3, 5, 2, 7,
        9, 4, 5, 3, 1, 2, 6, 8, 7, 0, 4, 2, 8, 6, 5, 7, 3, 9, 0, 1, 2, 7, 9, 3, 8, 0, 6, 4, 1, 5, 7, 0, 4, 6, 9, 1, 3, 2, 5, 8,
    ];

    // Values of the characters 0-9 and A-Z at the odd places of a codice fiscale (D.M. 23/12/1976).
    private static ReadOnlySpan<byte> FiscalCodeOdd =>
    [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
    ];

    /// <summary>Luhn (ISO/IEC 7812-1 annex B), any length.</summary>
    public static bool Luhn(ReadOnlySpan<byte> digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[digits.Length - 1 - i];
            int doubled = 2 * digit;
            sum += (i & 1) == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }

        return sum % 10 == 0 && digits.ContainsAnyExcept((byte)0);
    }

    /// <summary>Verhoeff's dihedral check, check digit last, any length (Aadhaar: 12).</summary>
    public static bool Verhoeff(ReadOnlySpan<byte> digits)
    {
        int check = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            check = VerhoeffProduct[(check * 10) + VerhoeffPermutation[(i % 8 * 10) + digits[digits.Length - 1 - i]]];
        }

        return check == 0;
    }

    /// <summary>ISO 7064 mod 97-10 over an IBAN without spaces, capitals and digits.</summary>
    public static bool Iban(ReadOnlySpan<char> iban)
    {
        int rest = 0;
        for (int i = 0; i < iban.Length; i++)
        {
            char c = iban[(i + 4) % iban.Length];
            rest = char.IsAsciiDigit(c) ? ((rest * 10) + c - '0') % 97 : ((rest * 100) + c - 'A' + 10) % 97;
        }

        return rest == 1;
    }

    /// <summary>NHS number: 10 digits, weights 10 to 2, modulus 11.</summary>
    public static bool Nhs(ReadOnlySpan<byte> digits)
    {
        int check = 11 - (Weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
        return (check == 11 ? 0 : check) == digits[9] && digits.ContainsAnyExcept(digits[0]);
    }

    /// <summary>PESEL: 11 digits, weights 1 3 7 9, and a possible date (the month carries the century).</summary>
    public static bool Pesel(ReadOnlySpan<byte> digits)
    {
        int month = Number(digits[2..4]);
        int year = Number(digits[..2]) + (month / 20) switch { 0 => 1900, 1 => 2000, 2 => 2100, 3 => 2200, _ => 1800 };
        return IsDate(year, month % 20, Number(digits[4..6]))
            && (10 - (Weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 == digits[10];
    }

    /// <summary>Australian tax file number: 9 digits, weighted sum divisible by 11.</summary>
    public static bool Tfn(ReadOnlySpan<byte> digits) =>
        Weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0 && digits.ContainsAnyExcept((byte)0);

    /// <summary>Australian business number: 11 digits, first less one, weighted sum divisible by 89.</summary>
    public static bool Abn(ReadOnlySpan<byte> digits) =>
        digits[0] > 0 && (Weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 == 0;

    /// <summary>German tax id: 11 digits, ISO 7064 mod 11,10; of the first ten, one digit stands two or three times.</summary>
    public static bool GermanTaxId(ReadOnlySpan<byte> digits)
    {
        Span<int> counts = stackalloc int[10];
        int product = 10;
        foreach (byte digit in digits[..10])
        {
            counts[digit]++;
            int sum = (digit + product) % 10;
            product = 2 * (sum == 0 ? 10 : sum) % 11;
        }

        int repeated = 0;
        foreach (int count in counts)
        {
            if (count > 3)
            {
                return false;
            }

            repeated += count > 1 ? 1 : 0;
        }

        return digits[0] != 0 && repeated == 1 && (11 - product) % 10 == digits[10];
    }

    /// <summary>French NIR: 15 digits, key = 97 - (first 13 mod 97); the Corsican departments come as 19 and 18.</summary>
    public static bool Nir(ReadOnlySpan<byte> digits)
    {
        long number = 0;
        foreach (byte digit in digits[..13])
        {
            number = (number * 10) + digit;
        }

        int month = Number(digits[3..5]);
        return digits[0] is 1 or 2 or 7 or 8
            && month is (>= 1 and <= 12) or (>= 20 and <= 42) or >= 50
            && 97 - (number % 97) == Number(digits[13..]);
    }

    /// <summary>Dutch BSN: 9 digits, the eleven test with weight -1 on the last.</summary>
    public static bool Bsn(ReadOnlySpan<byte> digits) =>
        (Weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) - digits[8]) % 11 == 0 && digits.ContainsAnyExcept((byte)0);

    /// <summary>Brazilian CPF: 11 digits, two check digits modulo 11.</summary>
    public static bool Cpf(ReadOnlySpan<byte> digits) =>
        digits.ContainsAnyExcept(digits[0])
        && BrazilianCheck(Weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2])) == digits[9]
        && BrazilianCheck(Weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) == digits[10];

    /// <summary>Brazilian CNPJ: 14 digits, two check digits modulo 11.</summary>
    public static bool Cnpj(ReadOnlySpan<byte> digits) =>
        digits.ContainsAnyExcept(digits[0])
        && BrazilianCheck(Weighted(digits, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == digits[12]
        && BrazilianCheck(Weighted(digits, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == digits[13];

    /// <summary>Vietnamese tax code: 10 digits, check digit = 10 - (weighted sum mod 11).</summary>
    public static bool VietnameseTaxCode(ReadOnlySpan<byte> digits) =>
        10 - (Weighted(digits, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11) == digits[9] && digits.ContainsAnyExcept(digits[0]);

    /// <summary>Chinese resident id: 17 digits and a digit or X, ISO 7064 mod 11-2, with a date.</summary>
    public static bool ChineseResidentId(ReadOnlySpan<char> id)
    {
        int sum = 0;
        ReadOnlySpan<byte> weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * (id[i] - '0');
        }

        return "10X98765432"[sum % 11] == id[17]
            && id[0] is >= '1' and <= '8'
            && int.Parse(id[6..10], CultureInfo.InvariantCulture) is var year and >= 1900 and < 2100
            && IsDate(year, ((id[10] - '0') * 10) + id[11] - '0', ((id[12] - '0') * 10) + id[13] - '0');
    }

    /// <summary>Spanish NIF or NIE in capitals: the letter is the number modulo 23.</summary>
    public static bool Nif(ReadOnlySpan<char> id)
    {
        int number = id[0] switch { 'X' => 0, 'Y' => 1, 'Z' => 2, _ => id[0] - '0' };
        foreach (char digit in id[1..8])
        {
            number = (number * 10) + digit - '0';
        }

        return NifLetters[number % 23] == id[8];
    }

    /// <summary>Italian <i>codice fiscale</i> in capitals: the last letter is a weighted sum modulo 26.</summary>
    public static bool FiscalCode(ReadOnlySpan<char> code)
    {
        int sum = 0;
        for (int i = 0; i < 15; i++)
        {
            int value = char.IsAsciiDigit(code[i]) ? code[i] - '0' : code[i] - 'A';
            sum += (i & 1) == 0 ? FiscalCodeOdd[char.IsAsciiDigit(code[i]) ? value : value + 10] : value;
        }

        return 'A' + (sum % 26) == code[15];
    }

    /// <summary>Singapore NRIC or FIN in capitals: weights 2 7 6 5 4 3 2 modulo 11, a table per prefix.</summary>
    public static bool Nric(ReadOnlySpan<char> id)
    {
        ReadOnlySpan<byte> weights = [2, 7, 6, 5, 4, 3, 2];
        int sum = id[0] switch { 'T' or 'G' => 4, 'M' => 3, _ => 0 };
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * (id[i + 1] - '0');
        }

        string letters = id[0] switch { 'S' or 'T' => "JZIHGFEDCBA", 'M' => "XWUTRQPNJLK", _ => "XWUTRQPNMLK" };
        return letters[sum % 11] == id[8];
    }

    /// <summary>United States bank routing number: 9 digits, weights 3 7 1.</summary>
    public static bool RoutingNumber(ReadOnlySpan<byte> digits) =>
        Weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0 && digits.ContainsAnyExcept((byte)0);

    /// <summary>Base58Check: the last four bytes are those of a double SHA-256 over the others.</summary>
    /// <param name="text">At most 64 characters.</param>
    /// <param name="version">The first byte.</param>
    /// <returns>The number of bytes without the checksum, or 0 when it does not hold.</returns>
    public static int Base58Check(ReadOnlySpan<char> text, out byte version)
    {
        version = 0;
        BigInteger number = BigInteger.Zero;
        int zeros = 0;
        foreach (char c in text)
        {
            int digit = Base58.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
            {
                return 0;
            }

            zeros += number.IsZero && digit == 0 ? 1 : 0;
            number = (number * 58) + digit;
        }

        byte[] tail = number.IsZero ? [] : number.ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] all = new byte[zeros + tail.Length];
        tail.CopyTo(all, zeros);
        if (all.Length < 5)
        {
            return 0;
        }

        version = all[0];
        byte[] check = SHA256.HashData(SHA256.HashData(all.AsSpan(0, all.Length - 4)));
        return check.AsSpan(0, 4).SequenceEqual(all.AsSpan(all.Length - 4)) ? all.Length - 4 : 0;
    }

    /// <summary>Bech32 (BIP-173) or Bech32m (BIP-350) with a two-letter prefix and <c>1</c>, in one case.</summary>
    public static bool SegwitAddress(ReadOnlySpan<char> text)
    {
        uint check = 1;
        check = Bech32Step(check, (text[0] | 0x20) >> 5);
        check = Bech32Step(check, (text[1] | 0x20) >> 5);
        check = Bech32Step(check, 0);
        check = Bech32Step(check, text[0] & 31);
        check = Bech32Step(check, text[1] & 31);
        foreach (char c in text[3..])
        {
            int value = Bech32.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            check = Bech32Step(check, value);
        }

        return check is Bech32Constant or Bech32MConstant;
    }

    /// <summary>Whether a day exists in the Gregorian calendar.</summary>
    public static bool IsDate(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);

    private static uint Bech32Step(uint check, int value)
    {
        uint top = check >> 25;
        check = ((check & 0x1FFFFFF) << 5) ^ (uint)value;
        check ^= (top & 1) != 0 ? 0x3b6a57b2u : 0;
        check ^= (top & 2) != 0 ? 0x26508e6du : 0;
        check ^= (top & 4) != 0 ? 0x1ea119fau : 0;
        check ^= (top & 8) != 0 ? 0x3d4233ddu : 0;
        check ^= (top & 16) != 0 ? 0x2a1462b3u : 0;
        return check;
    }

    private static int BrazilianCheck(int sum) => sum * 10 % 11 % 10;

    private static int Weighted(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> weights)
    {
        int sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += digits[i] * weights[i];
        }

        return sum;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        int number = 0;
        foreach (byte digit in digits)
        {
            number = (number * 10) + digit;
        }

        return number;
    }
}
