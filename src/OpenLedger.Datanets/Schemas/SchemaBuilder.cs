namespace OpenLedger.Datanets.Schemas;

/// <summary>Builds a schema variant by variant. Used once; not safe for concurrent use.</summary>
public sealed class SchemaBuilder
{
    private readonly string _name;
    private readonly List<RecordVariant> _variants = [];
    private bool _isBuilt;

    /// <summary>Starts a schema.</summary>
    /// <param name="name">1 to 100 characters.</param>
    public SchemaBuilder(string name)
    {
        SchemaName.ThrowIfInvalid(name, nameof(name));
        _name = name;
    }

    /// <summary>Adds a shape that a record may have.</summary>
    /// <param name="name">The variant's name, distinct within the schema.</param>
    /// <param name="configure">Declares the fields.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">The schema was built already.</exception>
    /// <exception cref="ArgumentException">The variant is not legal; see <see cref="RecordVariant(string, IEnumerable{SchemaField})"/>.</exception>
    public SchemaBuilder Variant(string name, Action<VariantBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ThrowIfBuilt();
        VariantBuilder variant = new();
        configure(variant);
        _variants.Add(new RecordVariant(name, variant.Fields));
        return this;
    }

    /// <summary>Makes the schema.</summary>
    /// <exception cref="InvalidOperationException">The schema was built already.</exception>
    /// <exception cref="ArgumentException">There is no variant, or a name occurs twice.</exception>
    public DatanetSchema Build()
    {
        ThrowIfBuilt();
        DatanetSchema schema = new(_name, _variants);
        _isBuilt = true;
        return schema;
    }

    private void ThrowIfBuilt()
    {
        if (_isBuilt)
        {
            throw new InvalidOperationException("This builder has built its schema; start another one.");
        }
    }
}
