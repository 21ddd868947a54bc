namespace OpenLedger.Datanets.Versions;

/// <summary>The names of branches and tags: they stand in leaves, URLs and file names, so they have the one spelling of datanet ids.</summary>
public static class BranchName
{
    /// <summary>The branch that every datanet has from the start.</summary>
    public const string Main = "main";

    /// <summary>Most characters of a name.</summary>
    public const int MaxLength = DatanetSlug.MaxLength;

    /// <summary>Whether a text is a name: 1 to 64 lower-case letters, digits and inner hyphens.</summary>
    public static bool IsValid(string? name) => DatanetSlug.IsValid(name);

    internal static void ThrowIfInvalid(string name, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(name, parameterName);
        if (!IsValid(name))
        {
            throw new ArgumentException(
                $"'{name}' is not a name of a branch or tag: 1 to {MaxLength} lower-case letters, digits and inner hyphens, for example 'spring-2030'.",
                parameterName);
        }
    }
}
