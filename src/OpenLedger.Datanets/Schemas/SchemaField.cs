namespace OpenLedger.Datanets.Schemas;

/// <summary>A named field of a record or of an object inside it.</summary>
public sealed class SchemaField
{
    /// <summary>Longest name in UTF-16 code units.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Creates a field.</summary>
    /// <param name="name">1 to <see cref="MaxNameLength"/> characters without control characters; not starting with <c>$</c>.</param>
    /// <param name="type">What the field may hold.</param>
    /// <param name="isRequired">Whether every record has it.</param>
    /// <exception cref="ArgumentException">The name is empty, too long, reserved or holds a control character or half a surrogate pair.</exception>
    public SchemaField(string name, FieldType type, bool isRequired)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(type);
        if (name.Length > MaxNameLength || name.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
        {
            throw new ArgumentException(
                $"A field name has 1 to {MaxNameLength} characters of the basic plane without control characters.", nameof(name));
        }

        if (name[0] == '$')
        {
            throw new ArgumentException($"'{name}': names that start with '$' are reserved, for example for the salt; choose another.", nameof(name));
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

    /// <summary>
    /// Whether the content is not for the public. Record digests are public; records of a schema with a private field therefore carry
    /// a salt, so that nobody finds a short content by hashing guesses. See <see cref="OpenLedger.Datanets.Records.RecordSalt"/>.
    /// </summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool IsPrivate { get; init; }
}
