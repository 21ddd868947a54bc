namespace OpenLedger.Datanets.Schemas;

/// <summary>Declares the fields of one variant; handed out by <see cref="SchemaBuilder.Variant"/>.</summary>
public sealed class VariantBuilder
{
    private readonly List<SchemaField> _fields = [];

    internal VariantBuilder()
    {
    }

    internal IReadOnlyList<SchemaField> Fields => _fields;

    /// <summary>Declares a field that every record of the variant has.</summary>
    /// <param name="name">The member name in JSON.</param>
    /// <param name="type">What the field may hold.</param>
    /// <returns>This builder.</returns>
    public VariantBuilder Required(string name, FieldType type)
    {
        _fields.Add(new SchemaField(name, type, isRequired: true));
        return this;
    }

    /// <summary>Declares a field that a record may leave out; JSON <c>null</c> is not a way to leave it out.</summary>
    /// <param name="name">The member name in JSON.</param>
    /// <param name="type">What the field may hold.</param>
    /// <returns>This builder.</returns>
    public VariantBuilder Optional(string name, FieldType type)
    {
        _fields.Add(new SchemaField(name, type, isRequired: false));
        return this;
    }

    /// <summary>Declares a field whose content is not for the public; see <see cref="SchemaField.IsPrivate"/>.</summary>
    /// <param name="name">The member name in JSON.</param>
    /// <param name="type">What the field may hold.</param>
    /// <param name="isRequired">Whether every record of the variant has it.</param>
    /// <returns>This builder.</returns>
    public VariantBuilder Private(string name, FieldType type, bool isRequired)
    {
        _fields.Add(new SchemaField(name, type, isRequired) { IsPrivate = true });
        return this;
    }
}
