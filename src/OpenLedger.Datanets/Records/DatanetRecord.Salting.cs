using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Records;

public sealed partial class DatanetRecord
{
    /// <summary>Makes a copy of this record with a random salt, in place of the one it had.</summary>
    /// <param name="random">Where the 16 bytes come from: a cryptographic source, since the salt keeps private fields from being guessed.</param>
    /// <returns>A record with another digest; its content and its source position are the same.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.LimitExceeded"/>: the payload has no room for the salt.</exception>
    public DatanetRecord WithSalt(RandomNumberGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        byte[] salt = new byte[RecordSalt.Length];
        random.GetBytes(salt);
        return WithSalt(salt);
    }

    /// <summary>Makes a copy of this record with a salt that was drawn elsewhere, in place of the one it had.</summary>
    /// <param name="salt">Exactly <see cref="RecordSalt.Length"/> bytes from a cryptographic source.</param>
    /// <returns>A record with another digest; its content and its source position are the same.</returns>
    /// <exception cref="ArgumentException"><paramref name="salt"/> has another length.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.LimitExceeded"/>: the payload has no room for the salt.</exception>
    public DatanetRecord WithSalt(ReadOnlySpan<byte> salt)
    {
        if (salt.Length != RecordSalt.Length)
        {
            throw new ArgumentException($"A salt has {RecordSalt.Length} bytes, not {salt.Length}.", nameof(salt));
        }

        JsonObject payload = JsonObject.Create(Element)!;
        payload[RecordSalt.MemberName] = Base64Url.EncodeToString(salt);
        return FromObject(payload, SourcePosition);
    }
}
