namespace OpenLedger.Datanets.Versions;

/// <summary>The rule for datanet ids: they stand in URLs, file names and signed statements, so they have one spelling.</summary>
internal static class DatanetSlug
{
    public const int MaxLength = 64;

    public static bool IsValid(string? id) =>
        id is { Length: > 0 and <= MaxLength }
        && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && id[0] != '-'
        && id[^1] != '-';

    public static void ThrowIfInvalid(string id, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(id, parameterName);
        if (!IsValid(id))
        {
            throw new ArgumentException(
                $"'{id}' is not a datanet id: 1 to {MaxLength} lower-case letters, digits and inner hyphens, for example 'harbour-facts'.",
                parameterName);
        }
    }
}
