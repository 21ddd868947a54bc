namespace OpenLedger.Datanets.Schemas;

/// <summary>One difference between an old and a new schema.</summary>
public sealed record SchemaChange
{
    internal SchemaChange(ChangeImpact impact, string variant, string path, string description)
    {
        Impact = impact;
        Variant = variant;
        Path = path;
        Description = description;
    }

    /// <summary>What it means for old records.</summary>
    public ChangeImpact Impact { get; }

    /// <summary>The variant, by name.</summary>
    public string Variant { get; }

    /// <summary>The field as a <see cref="FieldPath"/>; empty when the change is about the whole variant.</summary>
    public string Path { get; }

    /// <summary>The difference, for people, with the steps that help.</summary>
    public string Description { get; }

    /// <summary>One line for people.</summary>
    public override string ToString() => $"{Impact}: {Variant}{Path}: {Description}";
}
