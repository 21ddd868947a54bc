namespace OpenLedger.Datanets.Schemas;

/// <summary>Marks a property as a private field; see <see cref="SchemaField.IsPrivate"/>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class PrivateFieldAttribute : Attribute;
