using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace OpenLedger.Datanets.Records;

public sealed partial class DatanetRecord
{
    /// <summary>Makes a record of a C# value; members that are <see langword="null"/> are left out, since absence has one spelling.</summary>
    /// <typeparam name="T">The type, for which <c>DatanetSchema.For</c> makes a schema.</typeparam>
    /// <param name="value">The value; it is written as a JSON object.</param>
    /// <param name="typeInfo">The contract, best from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="sourcePosition">Where the value came from, for messages, or <see langword="null"/>.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/> or <see cref="DatanetError.LimitExceeded"/>: the value is no JSON object, holds NaN, half a
    /// surrogate pair or an integer beyond ±(2^53 - 1), or is too long.
    /// </exception>
    public static DatanetRecord From<T>(T value, JsonTypeInfo<T> typeInfo, string? sourcePosition = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(typeInfo);
        JsonNode? node;
        try
        {
            node = JsonSerializer.SerializeToNode(value, typeInfo);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new DatanetException(DatanetError.InvalidJson, $"{typeof(T).Name} cannot be written as JSON: {exception.Message}", exception);
        }

        if (node is not JsonObject payload)
        {
            throw new DatanetException(DatanetError.InvalidJson, $"A record is a JSON object; {typeof(T).Name} is written as something else.");
        }

        RemoveNulls(payload);
        return FromObject(payload, sourcePosition);
    }

    /// <summary>Reads the record as a C# value; a salt is left out.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="typeInfo">The contract, best from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.InvalidJson"/>: the payload does not fit the type.</exception>
    public T To<T>(JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        try
        {
            JsonObject payload = JsonObject.Create(Element)!;
            payload.Remove(RecordSalt.MemberName);
            return payload.Deserialize(typeInfo)
                ?? throw new DatanetException(DatanetError.InvalidJson, $"The record {Digest} was read as nothing by {typeof(T).Name}.");
        }
        catch (JsonException exception)
        {
            throw new DatanetException(DatanetError.InvalidJson, $"The record {this} does not fit {typeof(T).Name} at {exception.Path ?? "$"}.", exception);
        }
    }

    private static void RemoveNulls(JsonNode node)
    {
        if (node is JsonArray items)
        {
            foreach (JsonNode item in items.OfType<JsonNode>())
            {
                RemoveNulls(item);
            }
        }
        else if (node is JsonObject members)
        {
            foreach (string name in members.Where(static member => member.Value is null).Select(static member => member.Key).ToArray())
            {
                members.Remove(name);
            }

            foreach ((_, JsonNode? value) in members)
            {
                RemoveNulls(value!);
            }
        }
    }
}
