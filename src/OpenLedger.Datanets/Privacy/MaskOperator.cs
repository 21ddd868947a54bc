using System.Text;

namespace OpenLedger.Datanets.Privacy;

/// <summary><see cref="PersonalDataOperator.Mask"/>.</summary>
internal sealed class MaskOperator : PersonalDataOperator
{
    private readonly int _keepLast;
    private readonly char _cover;

    public MaskOperator(int keepLast, char cover)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keepLast);
        if (char.IsLetterOrDigit(cover) || char.IsSurrogate(cover))
        {
            throw new ArgumentException($"U+{(int)cover:X4} cannot cover a value; use a sign such as '*'.", nameof(cover));
        }

        _keepLast = keepLast;
        _cover = cover;
    }

    public override string Apply(PersonalDataSpan span, string value, int ordinal)
    {
        int total = 0;
        foreach (Rune rune in value.EnumerateRunes())
        {
            total += IsCovered(rune) ? 1 : 0;
        }

        // A secret's last characters help whoever guesses it, and half of a short number is most of it.
        int covered = total - (span.Entity.IsSecret ? 0 : Math.Min(_keepLast, total / 2));
        StringBuilder masked = new(value.Length);
        foreach (Rune rune in value.EnumerateRunes())
        {
            if (IsCovered(rune) && covered-- > 0)
            {
                masked.Append(_cover);
            }
            else
            {
                masked.Append(rune.ToString());
            }
        }

        return masked.ToString();
    }

    private static bool IsCovered(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.IsSymbol(rune) || rune.Value > 0x7F || rune.Value is '!' or '#' or '%' or '&' or '*' or '?' or '_';
}
