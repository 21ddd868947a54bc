namespace OpenLedger.Datanets.Schemas;

/// <summary>A named field of a record or of an object inside it.</summary>
public sealed class SchemaField
{
    /// <summary>Longest name in UTF-16 code units.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Creates a field.</summary>
    /// <param name="name">1 to <see cref="MaxNameLength"/> characters without control characters.</param>
    /// <param name="type">What the field may hold.</param>
    /// <param name="isRequired">Whether every record has it.</param>
    /// <exception cref="ArgumentException">The name is empty, too long or holds a control character or half a surrogate pair.</exception>
    public SchemaField(string name, FieldType type, bool isRequired)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(type);
        if (name.Length > MaxNameLength || name.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
        {
            throw new ArgumentException(
                $"A field name has 1 to {MaxNameLength} characters of the basic plane without control characters.", nameof(name));
        }

        Name = name;
        Type = type;
        IsRequired = isRequired;
    }

    /// <summary>The member name in JSON.</summary>
    public string Name { get; }

    /// <summary>What the field may hold.</summary>
    public FieldType Type { get; }

    /// <summary>Whether every record has it.</summary>
    public bool IsRequired { get; }
}
