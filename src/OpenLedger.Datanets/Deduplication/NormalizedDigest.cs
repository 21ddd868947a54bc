using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Deduplication;

/// <summary>A key under which records meet that differ only in case, white space or the composition of accents.</summary>
/// <remarks>
/// SHA-256 of the canonical payload in which every text value was normalised; names of members are left alone, the salt is left
/// out. It finds duplicates; it is never signed and never enters a leaf. Safe for concurrent use.
/// </remarks>
public static class NormalizedDigest
{
    private const int InitialCapacity = 8 << 10;
    private const int LargestKept = 256 << 10;

    private static readonly byte[] QuotedSaltName = Encoding.UTF8.GetBytes($"\"{RecordSalt.MemberName}\"");

    // Kept between records: a new buffer for each would cost as much as hashing it.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _reusableOutput;

    /// <summary>Computes the key of a record.</summary>
    /// <param name="record">Any record.</param>
    public static Sha256Digest Of(DatanetRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.NormalizedDigest;
    }

    /// <summary>Computes the key from a canonical payload.</summary>
    internal static Sha256Digest Compute(ReadOnlySpan<byte> payload)
    {
        ArrayBufferWriter<byte> output = _reusableOutput ?? new ArrayBufferWriter<byte>(InitialCapacity);
        _reusableOutput = null;
        output.ResetWrittenCount();
        WriteNormalized(payload.IndexOf(QuotedSaltName) < 0 ? payload : WithoutSalt(payload), output);
        Sha256Digest digest = Sha256Digest.Of(output.WrittenSpan);
        _reusableOutput = output.Capacity <= LargestKept ? output : null;
        return digest;
    }

    /// <summary>Leaves out the salt at the top of the object: two salts of one content are still one content.</summary>
    private static ReadOnlySpan<byte> WithoutSalt(ReadOnlySpan<byte> payload)
    {
        ArrayBufferWriter<byte> output = new(payload.Length);
        output.Write("{"u8);
        foreach (JsonProperty member in JsonElement.Parse(payload, new JsonDocumentOptions { MaxDepth = CanonicalJson.MaxDepth }).EnumerateObject())
        {
            if (!member.NameEquals(RecordSalt.MemberName))
            {
                output.Write(output.WrittenCount > 1 ? ","u8 : []);
                output.Write("\""u8);
                output.Write(JsonMarshal.GetRawUtf8PropertyName(member)); // canonical, as the payload is
                output.Write("\":"u8);
                output.Write(JsonMarshal.GetRawUtf8Value(member.Value));
            }
        }

        output.Write("}"u8);
        return output.WrittenSpan;
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

    /// <summary>Copies canonical JSON, normalising each text value: the order of members and everything else stays canonical.</summary>
    private static void WriteNormalized(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        while (true)
        {
            int quote = json.IndexOf((byte)'"');
            if (quote < 0)
            {
                output.Write(json);
                return;
            }

            int length = TextLength(json[(quote + 1)..]);
            int end = quote + 1 + length + 1;
            if (end < json.Length && json[end] == ':')
            {
                output.Write(json[..end]); // a name
            }
            else
            {
                output.Write(json[..(quote + 1)]);
                WriteValue(json.Slice(quote + 1, length), output);
                output.Write("\""u8);
            }

            json = json[end..];
        }
    }

    /// <summary>How many bytes lie before the quote that ends a text.</summary>
    private static int TextLength(ReadOnlySpan<byte> text)
    {
        int length = 0;
        while (true)
        {
            length += text[length..].IndexOfAny((byte)'"', (byte)'\\');
            if (text[length] == '"')
            {
                return length;
            }

            length += 2; // an escape; no canonical one has a quote later than here
        }
    }

    private static void WriteValue(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        if (!Ascii.IsValid(text))
        {
            WriteUnicode(text, output);
        }
        else if (!text.IsEmpty)
        {
            output.Advance(CollapseAscii(text, output.GetSpan(text.Length)));
        }
    }

    /// <summary>Lower case, white space collapsed, escapes of other characters kept as they are; never longer than it was.</summary>
    private static int CollapseAscii(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int length = 0;
        bool spaceIsDue = false;
        while (!text.IsEmpty)
        {
            // Runs end before an escape and before a second space, which are rare: what lies between is copied as a whole.
            int escape = text.IndexOf((byte)'\\');
            ReadOnlySpan<byte> plain = escape < 0 ? text : text[..escape];
            text = text[plain.Length..];
            while (!plain.IsEmpty)
            {
                ReadOnlySpan<byte> rest = plain.TrimStart((byte)' ');
                spaceIsDue |= rest.Length < plain.Length;
                int spaces = rest.IndexOf("  "u8);
                ReadOnlySpan<byte> run = (spaces < 0 ? rest : rest[..spaces]).TrimEnd((byte)' ');
                plain = rest[run.Length..];
                if (!run.IsEmpty)
                {
                    length = AppendRun(run, destination, length, ref spaceIsDue);
                }
            }

            if (!text.IsEmpty)
            {
                ReadOnlySpan<byte> character = text[..(text[1] == 'u' ? 6 : 2)];
                text = text[character.Length..];
                if (character[1] is (byte)'t' or (byte)'n' or (byte)'f' or (byte)'r' || IsVerticalTab(character))
                {
                    spaceIsDue = true;
                }
                else
                {
                    length = AppendRun(character, destination, length, ref spaceIsDue);
                }
            }
        }

        return length;
    }

    /// <summary>Adds what has no white space at its ends, after the space that is due, unless the text begins here.</summary>
    private static int AppendRun(ReadOnlySpan<byte> run, Span<byte> destination, int length, ref bool spaceIsDue)
    {
        if (spaceIsDue && length > 0)
        {
            destination[length++] = (byte)' ';
        }

        spaceIsDue = false;
        _ = Ascii.ToLower(run, destination[length..], out int written); // canonical escapes have no capitals
        return length + written;
    }

    /// <summary>The one white space character whose canonical escape has no letter.</summary>
    private static bool IsVerticalTab(ReadOnlySpan<byte> escape) => escape.SequenceEqual("\\u000b"u8);

    private static void WriteUnicode(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        char[] characters = ArrayPool<char>.Shared.Rent(text.Length);
        int length = Unescape(text, characters);
        using CollapsedText normalized = new(length);
        TextNormalizer.Normalize(characters.AsSpan(0, length), normalized);
        ArrayPool<char>.Shared.Return(characters);
        CanonicalJson.WriteText(output, normalized.Written);
    }

    /// <summary>Reads the text of canonical JSON, which knows seven short escapes and those of the other control characters.</summary>
    private static int Unescape(ReadOnlySpan<byte> text, Span<char> destination)
    {
        int length = 0;
        while (true)
        {
            int run = text.IndexOf((byte)'\\');
            length += Encoding.UTF8.GetChars(run < 0 ? text : text[..run], destination[length..]);
            if (run < 0)
            {
                return length;
            }

            byte code = text[run + 1];
            destination[length++] = code switch
            {
                (byte)'b' => '\b',
                (byte)'t' => '\t',
                (byte)'n' => '\n',
                (byte)'f' => '\f',
                (byte)'r' => '\r',
                (byte)'u' => (char)((HexDigit(text[run + 4]) << 4) | HexDigit(text[run + 5])),
                _ => (char)code, // a quote or a backslash
            };
            text = text[(run + (code == 'u' ? 6 : 2))..];
        }
    }

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}
