using System.Text.Json;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Records;

/// <summary>
/// The reserved member <c>$salt</c> of a record with private fields: 16 random bytes as base64url without padding. It makes the public
/// digest of the record unguessable; it is no content, so schemas do not declare it and duplicates are found in spite of it.
/// </summary>
public static class RecordSalt
{
    /// <summary>The reserved member at the top of a record.</summary>
    public const string MemberName = "$salt";

    /// <summary>Length of a salt in bytes.</summary>
    public const int Length = 16;

    /// <summary>Length of the text form in characters.</summary>
    private const int TextLength = 22;

    /// <summary>Whether a value is the one text form of 16 bytes.</summary>
    /// <param name="value">Any JSON value.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.InvalidJson"/>: the value is text with half a surrogate pair.</exception>
    public static bool IsWellFormed(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        string text = CanonicalJson.Text(value);
        return text.Length == TextLength
            && text.AsSpan().IndexOfAnyExcept(Alphabet) < 0
            && (text[^1] is 'A' or 'Q' or 'g' or 'w'); // the four bits beyond the 16 bytes are zero
    }

    private static readonly System.Buffers.SearchValues<char> Alphabet =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
