using System.Text.Json.Serialization.Metadata;

namespace OpenLedger.Datanets.Schemas;

public sealed partial class DatanetSchema
{
    /// <summary>Makes the schema of a C# type from its JSON contract; <see cref="For{T}(JsonTypeInfo{T}, string)"/> with the type's name.</summary>
    /// <typeparam name="T">A record, class or struct with public properties.</typeparam>
    /// <param name="typeInfo">The contract, best from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <exception cref="ArgumentException">The type cannot be a schema; the message names the property.</exception>
    public static DatanetSchema For<T>(JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return For(typeInfo, typeof(T).Name);
    }

    /// <summary>Makes the schema of a C# type from its JSON contract, without reflection over the type.</summary>
    /// <typeparam name="T">A record, class or struct with public properties, or a polymorphic base.</typeparam>
    /// <param name="typeInfo">The contract, best from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="name">The name of the schema: 1 to 100 characters.</param>
    /// <remarks>
    /// Names are those of the contract (<c>[JsonPropertyName]</c>, naming policy). A property that can be null or may be left out is an
    /// optional field, every other a required one. Text is 0 to 1,048,576 characters, lists 0 to 1,048,576 items, integers the range of
    /// their type within ±(2^53 - 1), enumerations with a string converter their names; nested objects and lists follow. Bounds come from
    /// <c>[Length]</c>, <c>[StringLength]</c>, <c>[MinLength]</c>, <c>[MaxLength]</c>, <c>[Range]</c>, <c>[RegularExpression]</c> (I-Regexp)
    /// and <c>[AllowedValues]</c> where the contract offers attributes, private fields from <see cref="PrivateFieldAttribute"/>. A base with
    /// <c>[JsonDerivedType]</c>s gives one variant per derived type, told apart by the discriminator; its name must not start with <c>$</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">The type cannot be a schema; the message names the property.</exception>
    public static DatanetSchema For<T>(JsonTypeInfo<T> typeInfo, string name)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return TypeSchema.Of(typeInfo, name);
    }
}
