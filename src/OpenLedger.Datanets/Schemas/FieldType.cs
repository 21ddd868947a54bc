using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Schemas;

/// <summary>What a field of a record may hold. The kinds are closed: a schema must mean the same to everyone who reads it.</summary>
/// <remarks>Immutable; safe for concurrent use.</remarks>
public abstract class FieldType
{
    private protected FieldType()
    {
    }

    /// <summary>The name of the kind in a schema document.</summary>
    internal abstract string Kind { get; }

    /// <summary>How many lists and objects are inside each other, this one included.</summary>
    internal virtual int Depth => 0;

    /// <summary>Whether a field inside is private.</summary>
    internal virtual bool HasPrivateFields => false;

    /// <summary>Adds the members of the kind to a schema document.</summary>
    internal abstract void Describe(JsonObject document);

    /// <summary>Adds every fault of <paramref name="value"/>.</summary>
    internal abstract void Validate(JsonElement value, string path, FaultList faults);

    internal JsonObject ToDocument()
    {
        JsonObject document = new() { ["kind"] = Kind };
        Describe(document);
        return document;
    }
}
