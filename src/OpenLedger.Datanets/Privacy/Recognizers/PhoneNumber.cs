using System.Buffers;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>A run of digit groups that may be a telephone number: its digits, its grouping, and what the numbering plans say.</summary>
internal ref struct PhoneNumber
{
    public const int MaxDigits = 15;
    public const int MaxGroups = 8;

    /// <summary>The plan of 555-0100 to 555-0199, which are kept for fiction.</summary>
    public const string FictionalPlan = "number for fiction";

    /// <summary>The score of such a number whatever its context.</summary>
    public const double FictionalScore = 0.3;

    // Country calling codes of E.164 (ITU operational bulletin); 1 and 7 are codes by themselves.
    private static readonly HashSet<int> CountryCodes =
    [
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81,
        82, 84, 86, 90, 91, 92, 93, 94, 95, 98, 211, 212, 213, 216, 218, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233,
        234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 248, 249, 250, 251, 252, 253, 254, 255, 256, 257, 258, 260, 261, 262,
        263, 264, 265, 266, 267, 268, 269, 290, 291, 297, 298, 299, 350, 351, 352, 353, 354, 355, 356, 357, 358, 359, 370, 371, 372, 373, 374,
        375, 376, 377, 378, 379, 380, 381, 382, 383, 385, 386, 387, 389, 420, 421, 423, 500, 501, 502, 503, 504, 505, 506, 507, 508, 509, 590,
        591, 592, 593, 594, 595, 596, 597, 598, 599, 670, 672, 673, 674, 675, 676, 677, 678, 679, 680, 681, 682, 683, 685, 686, 687, 688, 689,
        690, 691, 692, 800, 808, 850, 852, 853, 855, 856, 870, 880, 886, 888, 960, 961, 962, 963, 964, 965, 966, 967, 968, 970, 971, 972, 973,
        974, 975, 976, 977, 992, 993, 994, 995, 996, 998,
    ];

    /// <summary>The digits, without the plus sign.</summary>
    public ReadOnlySpan<char> Digits;

    /// <summary>Length of each group of digits.</summary>
    public ReadOnlySpan<int> Groups;

    /// <summary>Whether a plus sign stands before the number.</summary>
    public bool HasPlus;

    /// <summary>Whether the first group stands in brackets.</summary>
    public bool HasAreaInBrackets;

    /// <summary>The sign between the first two groups, or NUL.</summary>
    public char Separator;

    /// <summary>The numbering plan this number fits and its score without context, or <see langword="null"/> and 0.</summary>
    public readonly (string? Plan, double Score) Classify(bool inVietnameseText)
    {
        if (HasPlus)
        {
            return IsInternational(Digits) ? ("E.164", 0.85) : (null, 0);
        }

        if (Digits.StartsWith("00") && Digits.Length > 9 && IsInternational(Digits[2..]))
        {
            return ("international prefix 00", Groups.Length > 1 ? 0.6 : 0.45);
        }

        return Vietnamese(inVietnameseText) is { Plan: not null } vietnamese ? vietnamese
            : NorthAmerican() is { Plan: not null } american ? american
            : European();
    }

    /// <summary>Whether the groups are a date or a span of years rather than a telephone number.</summary>
    public readonly bool LooksLikeDates()
    {
        if (HasPlus || HasAreaInBrackets)
        {
            return false;
        }

        return Groups switch
        {
            [4, 1 or 2, 1 or 2] => Digits[..4] is ['1' or '2', ..],
            [1 or 2, 1 or 2, 4] => Digits[^4] is '1' or '2',
            [4, 4, ..] => IsYear(Digits[..4]) && IsYear(Digits.Slice(4, 4)),
            [8] => IsYear(Digits[..4]) && Checksums.IsDate(2000, Two(4), Two(6)),
            [2, 2, 2, ..] when Groups.Length == 3 => true,
            _ => false,
        };
    }

    private readonly int Two(int at) => ((Digits[at] - '0') * 10) + Digits[at + 1] - '0';

    private static bool IsYear(ReadOnlySpan<char> four) => four is ['1', '0' or '1' or '2' or '3' or '4' or '5' or '6' or '7' or '8' or '9', ..] or ['2', '0', ..];

    private static bool IsInternational(ReadOnlySpan<char> digits)
    {
        if (digits.Length is < 8 or > MaxDigits || digits[0] == '0')
        {
            return false;
        }

        if (digits[0] is '1' or '7')
        {
            return digits.Length == 11;
        }

        int two = ((digits[0] - '0') * 10) + digits[1] - '0';
        if (CountryCodes.Contains(two))
        {
            return two switch
            {
                33 or 34 or 61 => digits.Length == 11,
                44 => digits.Length is 11 or 12,
                65 => digits.Length == 10,
                84 => digits.Length is 11 or 12,
                91 => digits.Length == 12,
                _ => digits.Length >= 9,
            };
        }

        return CountryCodes.Contains((two * 10) + digits[2] - '0');
    }

    private readonly (string? Plan, double Score) Vietnamese(bool inVietnameseText)
    {
        double bonus = (inVietnameseText ? 0.1 : 0) + (Groups.Length > 1 ? 0.1 : 0);
        ReadOnlySpan<char> n = Digits;
        bool grouped = Groups.Length == 1 || IsPhoneGrouping();
        if (n.Length == 11 && n.StartsWith("84") && IsVietnameseMobile(n[2..]) && grouped)
        {
            return ("Vietnamese mobile", 0.45 + bonus);
        }

        if (n.Length < 10 || n[0] != '0' || !grouped)
        {
            return (null, 0);
        }

        if (n.Length == 10 && IsVietnameseMobile(n[1..]))
        {
            return ("Vietnamese mobile", 0.5 + bonus);
        }

        if (n.Length == 11 && n[1] == '2' && (n[2] is '4' or '8' || (n[2] != '0' && n[3] != '0') || (n[2] == '0' && n[3] >= '3')))
        {
            return ("Vietnamese landline", 0.4 + bonus);
        }

        if (n.Length == 11 && n[1] == '1' && (n[2] == '2' || (n[2] == '6' && n[3] >= '2') || (n[2] == '8' && n[3] is '6' or '8')
            || (n[2] == '9' && n[3] == '9')))
        {
            return ("Vietnamese mobile before 2018", 0.4 + bonus);
        }

        return (null, 0);
    }

    // Nine digits without the leading zero; prefixes of the plan in force since 2018.
    private static bool IsVietnameseMobile(ReadOnlySpan<char> national) => national.Length == 9 && (national[0], national[1]) switch
    {
        ('3', >= '2') => true,
        ('5', '2' or '5' or '6' or '8' or '9') => true,
        ('7', '0' or >= '6') => true,
        ('8', >= '1') => true,
        ('9', _) => true,
        _ => false,
    };

    private readonly bool IsPhoneGrouping()
    {
        foreach (int group in Groups)
        {
            if (group is < 2 or > 7)
            {
                return false;
            }
        }

        return true;
    }

    private readonly (string? Plan, double Score) NorthAmerican()
    {
        int skip = Groups switch { [3, 3, 4] => 0, [1, 3, 3, 4] when Digits[0] == '1' => 1, [3, 7] when HasAreaInBrackets => 0, _ => -1 };
        if (skip < 0)
        {
            return (null, 0);
        }

        ReadOnlySpan<char> n = Digits[skip..];
        bool legal = n[0] >= '2' && n[3] >= '2';
        bool fictional = n.Slice(3, 5).SequenceEqual("55501");
        double score = HasAreaInBrackets ? 0.7 : Separator switch { '-' => 0.6, '.' => 0.55, _ => 0.4 };
        return (fictional ? FictionalPlan : "North American plan", fictional ? FictionalScore : legal ? score + (skip * 0.1) : score - 0.15);
    }

    private readonly (string? Plan, double Score) European()
    {
        ReadOnlySpan<char> n = Digits;
        if (n.Length is < 10 or > 12 || n[0] != '0' || n[1] == '0')
        {
            return (null, 0);
        }

        return Groups switch
        {
            [2, 2, 2, 2, 2] => ("French plan", 0.6),
            [5, 6] or [5, 3, 3] or [4, 3, 4] when n[1] == '7' => ("United Kingdom mobile", 0.55),
            [3, 4, 4] when n[1] == '2' => ("United Kingdom landline", 0.55),
            [4, 3, 4] or [5, 6] or [5, 5] or [5, 3, 3] when n[1] == '1' => ("United Kingdom landline", 0.5),
            [2, 4, 4] when n[1] is '2' or '3' or '4' or '7' or '8' && (HasAreaInBrackets || Separator == ' ') => ("Australian landline", 0.55),
            [4, 3, 3] when n[1] == '4' => ("Australian mobile", 0.5),
            [3 or 4 or 5, >= 6] when Separator == '/' => ("German plan", 0.5),
            [4, 7 or 8] when n[1] == '1' && n[2] is '5' or '6' or '7' => ("German mobile", 0.5),
            _ => (null, 0),
        };
    }
}
