namespace OpenLedger.Datanets.Schemas;

/// <summary>How <see cref="JsonSchema"/> reads a JSON Schema.</summary>
public sealed record JsonSchemaOptions
{
    /// <summary>
    /// Whether objects that allow further members are read as closed ones. Datanet schemas are closed, most JSON Schemas in the world do
    /// not say so; with this option the result accepts fewer records than the JSON Schema.
    /// </summary>
    /// <value>The default is <see langword="false"/>: an object without <c>"additionalProperties": false</c> is refused.</value>
    public bool ClosesObjects { get; init; }

    /// <summary>The name of the schema when the document has no <c>title</c>: 1 to 100 characters.</summary>
    /// <value>The default is <c>schema</c>.</value>
    public string DefaultName { get; init; } = "schema";
}
