namespace OpenLedger.Datanets.Schemas;

/// <summary>The rule for names of schemas and variants.</summary>
internal static class SchemaName
{
    public const int MaxLength = 100;

    public static void ThrowIfInvalid(string name, string parameterName)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameterName);
        if (name.Length > MaxLength || name.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
        {
            throw new ArgumentException(
                $"A name has 1 to {MaxLength} characters of the basic plane without control characters.", parameterName);
        }
    }
}
