using System.Text;

namespace OpenLedger.Datanets.Deduplication;

/// <summary>The normal form of every single character, in pages of 256 that are computed when text first needs them.</summary>
/// <remarks>
/// A page costs about 0.1 ms once and 1 KiB for good; all of Unicode would be 4.25 MiB. Safe for concurrent use: two threads may
/// compute one page, with the same result.
/// </remarks>
internal static class NormalForms
{
    /// <summary>The character can reach into what stands before it; see <see cref="TextNormalizer.CanJoinWhatIsBefore"/>.</summary>
    public const int Joins = -1;

    /// <summary>The character stands alone, but its normal form is several characters.</summary>
    public const int Several = -2;

    private const int PageLength = 256;

    private static readonly int[]?[] Pages = new int[]?[0x110000 / PageLength];

    /// <summary>The form of the first character of <paramref name="text"/>: a scalar value (a space for any white space) or a constant.</summary>
    /// <param name="text">Text; half a surrogate pair counts as U+FFFD.</param>
    /// <param name="length">How many UTF-16 units the character takes; 0 at the end of the text, which joins nothing.</param>
    public static int Of(ReadOnlySpan<char> text, out int length)
    {
        if (text.IsEmpty)
        {
            length = 0;
            return Several;
        }

        int scalar = text[0];
        length = 1;
        if (char.IsSurrogate(text[0]))
        {
            _ = Rune.DecodeFromUtf16(text, out Rune rune, out length);
            scalar = rune.Value;
        }

        int[] page = Volatile.Read(ref Pages[scalar / PageLength]) ?? Compute(scalar / PageLength);
        return page[scalar % PageLength];
    }

    private static int[] Compute(int number)
    {
        int[] page = new int[PageLength];
        Span<char> text = stackalloc char[2];
        for (int i = 0; i < PageLength; i++)
        {
            if (!Rune.TryCreate((number * PageLength) + i, out Rune rune))
            {
                continue; // surrogates, which no lookup names
            }

            int length = rune.EncodeToUtf16(text);
            page[i] = TextNormalizer.CanJoinWhatIsBefore(rune.Value)
                ? Joins
                : TextNormalizer.NormalizeByDefinition(text[..length]) is [int single]
                    ? Rune.IsWhiteSpace(new Rune(single)) ? ' ' : single
                    : Several;
        }

        Volatile.Write(ref Pages[number], page);
        return page;
    }
}
