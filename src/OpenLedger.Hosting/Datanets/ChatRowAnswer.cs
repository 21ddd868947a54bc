using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Hosting.Datanets;

/// <summary>Reads the answer of a language model as a list of JSON values; whatever else it says is refused.</summary>
internal static class ChatRowAnswer
{
    private const string Fence = "```";
    private const int MaxFenceLabel = 16;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads an answer: an object with the one member <c>rows</c>, or a bare array, either in a code fence or not.</summary>
    /// <param name="text">The model's text.</param>
    /// <param name="maxBytes">Most UTF-8 bytes.</param>
    /// <param name="rows">An array.</param>
    /// <param name="reason">Why it was refused, without any of its words, since it is sent back to the model.</param>
    public static bool TryRead(string text, int maxBytes, out JsonElement rows, [NotNullWhen(false)] out string? reason)
    {
        rows = default;
        if (text.Length > maxBytes || StrictUtf8.GetMaxByteCount(text.Length) > maxBytes && Encoding.UTF8.GetByteCount(text) > maxBytes)
        {
            reason = FormattableString.Invariant($"it is longer than {maxBytes} bytes; give fewer or shorter rows");
            return false;
        }

        ReadOnlySpan<char> body = text.AsSpan().Trim();
        if (body.IsEmpty)
        {
            reason = "it is empty";
            return false;
        }

        if (body.StartsWith(Fence) && !TryOpenFence(ref body))
        {
            reason = "its code fence does not hold all of it";
            return false;
        }

        if (!TryParse(body, out JsonElement root))
        {
            reason = "it is not one JSON value and nothing else";
            return false;
        }

        if (root.ValueKind == JsonValueKind.Object && root.GetPropertyCount() == 1 && root.TryGetProperty(ChatRowPrompt.RowsName, out JsonElement member))
        {
            root = member;
        }

        if (root.ValueKind != JsonValueKind.Array)
        {
            reason = $"it is not an object whose only member \"{ChatRowPrompt.RowsName}\" is an array";
            return false;
        }

        rows = root;
        reason = null;
        return true;
    }

    private static bool TryOpenFence(ref ReadOnlySpan<char> body)
    {
        int lineEnd = body.IndexOf('\n');
        ReadOnlySpan<char> label = lineEnd < 0 ? default : body[Fence.Length..lineEnd].Trim();
        if (lineEnd < 0 || label.Length > MaxFenceLabel || label.ContainsAnyExcept(Letters) || !body[lineEnd..].EndsWith(Fence))
        {
            return false;
        }

        body = body[(lineEnd + 1)..^Fence.Length].Trim();
        return true;
    }

    private static bool TryParse(ReadOnlySpan<char> json, out JsonElement root)
    {
        root = default;
        try
        {
            byte[] utf8 = new byte[StrictUtf8.GetByteCount(json)];
            StrictUtf8.GetBytes(json, utf8);
            root = JsonElement.Parse(utf8, new JsonDocumentOptions { MaxDepth = CanonicalJson.MaxDepth });
            return true;
        }
        catch (Exception exception) when (exception is JsonException or EncoderFallbackException) // not JSON, or half a surrogate pair
        {
            return false;
        }
    }

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}
