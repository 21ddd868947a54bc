using System.Text.Json.Serialization;

namespace OpenLedger.Datanets.Publishing;

/// <summary>Quotes names inside JSON paths, without reflection.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class ManifestJsonContext : JsonSerializerContext;
