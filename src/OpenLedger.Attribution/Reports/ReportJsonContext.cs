using System.Text.Json;
using System.Text.Json.Serialization;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Attribution.Reports;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    Converters = [typeof(ContributorIdConverter)])]
[JsonSerializable(typeof(AttributionReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;

/// <summary>Writes a contributor as its text form.</summary>
internal sealed class ContributorIdConverter : JsonConverter<ContributorId>
{
    public override ContributorId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && ContributorId.TryParse(reader.GetString(), null, out ContributorId id)
            ? id
            : throw new JsonException("A contributor is 'secp256k1:0x' and 40 lower-case hexadecimal digits.");

    public override void Write(Utf8JsonWriter writer, ContributorId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
