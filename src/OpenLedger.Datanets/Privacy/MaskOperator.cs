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
        bool secret = span.Entity.IsSecret;
        int total = 0;
        foreach (Rune rune in value.EnumerateRunes())
        {
            total += IsCovered(rune, secret) ? 1 : 0;
        }

        // A secret's last characters help whoever guesses it, and half of a short number is most of it.
        int covered = total - (secret ? 0 : Math.Min(_keepLast, total / 2));
        StringBuilder masked = new(value.Length);
        foreach (Rune rune in value.EnumerateRunes())
        {
            if (IsCovered(rune, secret) && covered-- > 0)
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

    // Signs are the form of a number and part of a password.
    private static bool IsCovered(Rune rune, bool secret) =>
        secret ? !Rune.IsWhiteSpace(rune) : Rune.IsLetterOrDigit(rune) || rune.Value > 0x7F;
}
