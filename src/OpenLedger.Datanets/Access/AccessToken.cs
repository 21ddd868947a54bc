using System.Buffers;
using System.Buffers.Text;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Access;

/// <summary>A signed grant in one line of text: <c>olg1.</c>, the grant and the signature in base64url without padding, joined by a dot.</summary>
/// <remarks>
/// Immutable; safe for concurrent use. There is one text per token: any other spelling is refused. A token that was only parsed is not
/// trusted yet; <see cref="GrantVerifier"/> checks it.
/// </remarks>
public sealed class AccessToken
{
    /// <summary>Longest text in characters.</summary>
    public const int MaxLength = 1 << 20;

    private const string Prefix = "olg1.";

    private readonly byte[] _signature;

    private AccessToken(AccessGrant grant, byte[] signature)
    {
        Grant = grant;
        _signature = signature;
        Text = $"{Prefix}{Base64Url.EncodeToString(grant.Document.Span)}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>What is allowed.</summary>
    public AccessGrant Grant { get; }

    /// <summary>The signature over <see cref="AccessGrant.Digest"/>.</summary>
    public ReadOnlyMemory<byte> Signature => _signature;

    /// <summary>The one line.</summary>
    public string Text { get; }

    /// <summary>Reads a token, without checking its signature.</summary>
    /// <param name="text">The one line.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.AccessDenied"/> with <see cref="AccessDenial.Malformed"/>.</exception>
    public static AccessToken Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
        {
            throw AccessGrant.Malformed($"the text has {text.Length} characters; at most {MaxLength} are allowed", null);
        }

        int dot = text.LastIndexOf('.');
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || dot < Prefix.Length)
        {
            throw AccessGrant.Malformed("the text is not olg1., a grant, a dot and a signature", null);
        }

        byte[] signature = Decode(text.AsSpan(dot + 1));
        if (signature.Length is 0 or > Contribution.MaxSignatureLength)
        {
            throw AccessGrant.Malformed($"the signature has {signature.Length} bytes; 1 to {Contribution.MaxSignatureLength} are legal", null);
        }

        AccessToken token = new(AccessGrant.Parse(Decode(text.AsSpan(Prefix.Length, dot - Prefix.Length))), signature);
        return token.Text == text ? token : throw AccessGrant.Malformed("the text is not spelled as tokens are", null);
    }

    /// <inheritdoc/>
    public override string ToString() => $"grant {Grant.Id} of '{Grant.DatanetId}' to {Grant.Grantee}"; // never the token, which does not belong in logs

    internal static AccessToken Sign(AccessGrant grant, IContributionSigner signer)
    {
        byte[]? signature = signer.Sign(grant.Digest.ToArray());
        return signature is { Length: > 0 and <= Contribution.MaxSignatureLength }
            ? new AccessToken(grant, [.. signature])
            : throw new InvalidOperationException(
                $"{signer.GetType().Name} returned a signature of {signature?.Length ?? 0} bytes; 1 to {Contribution.MaxSignatureLength} are legal.");
    }

    private static byte[] Decode(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out _, out int written) == OperationStatus.Done
            ? bytes[..written]
            : throw AccessGrant.Malformed("a part is not base64url", null);
    }
}
