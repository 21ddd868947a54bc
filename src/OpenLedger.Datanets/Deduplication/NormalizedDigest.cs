using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Deduplication;

/// <summary>A key under which records meet that differ only in case, white space or the composition of accents.</summary>
/// <remarks>
/// SHA-256 of the canonical payload in which every text value was normalised; names of members are left alone, the salt
/// is left out. It finds duplicates;
/// it is never signed and never enters a leaf. Safe for concurrent use.
/// </remarks>
public static class NormalizedDigest
{
    /// <summary>Computes the key of a record.</summary>
    /// <param name="record">Any record.</param>
    public static Sha256Digest Of(DatanetRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        JsonNode? normalized = Normalize(record.Element);
        (normalized as JsonObject)?.Remove(RecordSalt.MemberName); // two salts of one content are still one content
        return Sha256Digest.Of(CanonicalJson.Serialize(normalized));
    }

    /// <summary>Normalises one text: canonical caseless form, each run of white space one space, trimmed.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <exception cref="ArgumentException"><paramref name="text"/> holds half a surrogate pair.</exception>
    public static string NormalizeText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                throw new ArgumentException($"The text holds half a surrogate pair at index {i}.", nameof(text));
            }
        }

        return TextNormalizer.Normalize(text);
    }

    private static JsonNode? Normalize(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(
            element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Normalize(member.Value)))),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(Normalize)]),
        JsonValueKind.String => JsonValue.Create(TextNormalizer.Normalize(element.GetString()!)),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element),
    };
}
