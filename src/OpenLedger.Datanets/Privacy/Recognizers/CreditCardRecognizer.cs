namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Payment cards: issuer range with its lengths, grouping as printed on cards, Luhn (ISO/IEC 7812).</summary>
/// <remarks>
/// Luhn alone is passed by one number in ten, timestamps and order numbers among them: the issuer range and, where the range is wide
/// (Maestro), a context word must agree; a word such as <c>order</c> before the number speaks against it.
/// </remarks>
internal sealed class CreditCardRecognizer : IPiiRecognizer
{
    private const int MinDigits = 12;
    private const int MaxDigits = 19;
    private const double WideRangeScore = 0.45;

    private static readonly NumberShape[] Shapes =
    [
        .. Enumerable.Range(MinDigits, MaxDigits - MinDigits + 1).Select(n => new NumberShape($"{n}")),
        new("4_4_4_4"), new("4_6_5"), new("4_4_4_4_3"), new("4_6_4"), new("4_4_4_1"), new("4_4_5"), new("6_13"), new("4_4_4_2"), new("4_4_4_3"),
    ];

    public string Name => "CreditCard";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.CreditCard];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<DigitRun> runs = text.DigitRuns;
        Span<byte> digits = stackalloc byte[MaxDigits];
        foreach (int i in text.NumberStarts)
        {
            if (runs[i].Length is not (4 or 6 or (>= MinDigits and <= MaxDigits)))
            {
                continue;
            }

            foreach (NumberShape shape in Shapes)
            {
                int end = shape.Match(text.Text, runs, i, digits);
                ReadOnlySpan<byte> number = digits[..shape.Digits];
                if (end > 0 && Checksums.Luhn(number) && Issuer(number) is string issuer)
                {
                    double alone = issuer == "Maestro" ? WideRangeScore : 1.0;
                    CandidateScore.Add(
                        candidates, text, runs[i].Start, end, PersonalDataEntity.CreditCard, $"Luhn, {issuer} range", ContextVocabulary.Card,
                        alone, supported: 1.0);
                    break;
                }
            }
        }
    }

    private static string? Issuer(ReadOnlySpan<byte> digits)
    {
        int six = 0;
        foreach (byte digit in digits[..6])
        {
            six = (six * 10) + digit;
        }

        return (six, digits.Length) switch
        {
            ( >= 400000 and < 500000, 13 or 16 or 19) => "Visa",
            ( >= 510000 and < 560000, 16) or ( >= 222100 and < 272100, 16) => "Mastercard",
            ( >= 340000 and < 350000, 15) or ( >= 370000 and < 380000, 15) => "American Express",
            ( >= 300000 and < 306000, 14) or ( >= 309500 and < 309600, 14) or ( >= 360000 and < 370000, 14)
                or ( >= 380000 and < 400000, 14) => "Diners Club",
            ( >= 352800 and < 359000, 16 or 17 or 18 or 19) => "JCB",
            ( >= 601100 and < 601200, 16 or 19) or ( >= 644000 and < 660000, 16 or 19) => "Discover",
            ( >= 620000 and < 630000, 16 or 17 or 18 or 19) => "UnionPay",
            ( >= 220000 and < 220500, 16 or 17 or 18 or 19) => "Mir",
            ( >= 970400 and < 970500, 16 or 19) => "NAPAS",
            ( >= 500000 and < 510000, >= 12) or ( >= 560000 and < 700000, >= 12) => "Maestro",
            _ => null,
        };
    }
}
