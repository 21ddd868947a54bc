using System.Security.Cryptography;
using System.Text;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Storage;

/// <summary>Encrypts each payload under a key of its own, so that destroying 32 bytes destroys the payload wherever a copy of it remains.</summary>
/// <remarks>
/// AES-256-GCM; associated data: datanet id, zero byte, record digest. The nonce is zero: a key encrypts exactly one payload in its life.
/// Ciphertext ‖ 16-byte tag. Safe for concurrent use.
/// </remarks>
internal sealed class RecordCipher
{
    public const int KeyLength = 32;
    public const int TagLength = 16;
    private const int NonceLength = 12;

    private readonly byte[] _context;

    public RecordCipher(string datanetId) => _context = [.. Encoding.ASCII.GetBytes(datanetId), 0];

    public byte[] Encrypt(ReadOnlySpan<byte> key, RecordDigest digest, ReadOnlySpan<byte> payload)
    {
        byte[] sealedPayload = new byte[payload.Length + TagLength];
        Span<byte> context = stackalloc byte[128];
        context = Context(digest, context);
        Span<byte> nonce = stackalloc byte[NonceLength];
        nonce.Clear();
        using AesGcm aes = new(key, TagLength);
        aes.Encrypt(nonce, payload, sealedPayload.AsSpan(0, payload.Length), sealedPayload.AsSpan(payload.Length), context);
        return sealedPayload;
    }

    /// <summary>Decrypts, or returns <see langword="null"/> when key, ciphertext, datanet and digest do not belong together.</summary>
    public byte[]? Decrypt(ReadOnlySpan<byte> key, RecordDigest digest, ReadOnlySpan<byte> sealedPayload)
    {
        if (key.Length != KeyLength || sealedPayload.Length < TagLength)
        {
            return null;
        }

        byte[] payload = new byte[sealedPayload.Length - TagLength];
        Span<byte> context = stackalloc byte[128];
        context = Context(digest, context);
        Span<byte> nonce = stackalloc byte[NonceLength];
        nonce.Clear();
        using AesGcm aes = new(key, TagLength);
        try
        {
            aes.Decrypt(nonce, sealedPayload[..payload.Length], sealedPayload[payload.Length..], payload, context);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return payload;
    }

    private Span<byte> Context(RecordDigest digest, Span<byte> buffer)
    {
        _context.CopyTo(buffer);
        digest.CopyTo(buffer[_context.Length..]);
        return buffer[..(_context.Length + 32)];
    }
}
