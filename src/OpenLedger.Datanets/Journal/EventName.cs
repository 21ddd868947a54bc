namespace OpenLedger.Datanets.Journal;

/// <summary>The spelling of enum members in journals and signed documents: <c>LowQuality</c> is <c>low_quality</c>. Members are never renamed.</summary>
internal static class EventName<TEnum>
    where TEnum : struct, Enum
{
    private static readonly TEnum[] Values = Enum.GetValues<TEnum>();
    private static readonly string[] Names = [.. Values.Select(value => Spell(value.ToString()))];

    public static string All => string.Join(", ", Names);

    public static string Of(TEnum value)
    {
        int index = Array.IndexOf(Values, value);
        return index >= 0 ? Names[index] : throw new ArgumentOutOfRangeException(nameof(value), value, $"The value is not one of {All}.");
    }

    public static bool TryParse(string name, out TEnum value)
    {
        int index = Array.IndexOf(Names, name);
        value = index >= 0 ? Values[index] : default;
        return index >= 0;
    }

    private static string Spell(string member) =>
        string.Concat(member.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
