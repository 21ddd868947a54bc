using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>The text of a record: all its text values in the order of the canonical payload, a line feed between them.</summary>
/// <remarks>Names of members, numbers, booleans and nulls are not part of it, as with <see cref="NormalizedDigest"/> names are left alone.</remarks>
public static class RecordText
{
    /// <summary>Returns the text of a record.</summary>
    /// <param name="record">Any record.</param>
    public static string Of(DatanetRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        byte[] text = new byte[record.Payload.Length];
        return Encoding.UTF8.GetString(text, 0, Write(record.Payload.Span, text));
    }

    /// <summary>Writes the text of a canonical payload, which is never longer than the payload.</summary>
    /// <returns>The bytes written.</returns>
    internal static int Write(ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        Utf8JsonReader reader = new(payload, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth });
        int length = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                if (length > 0)
                {
                    destination[length++] = (byte)'\n';
                }

                length += reader.CopyString(destination[length..]);
            }
        }

        return length;
    }
}
