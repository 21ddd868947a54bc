using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Schemas;

/// <summary>
/// A reference to bytes kept elsewhere (an image, a recording): <c>{"sha256": …, "mediaType": …, "length": …}</c>, with <c>cid</c> beside
/// or instead of <c>sha256</c>. The bytes themselves are not looked at here.
/// </summary>
/// <remarks>
/// <c>sha256</c> is 64 lower-case hexadecimal digits; <c>cid</c> is a CIDv1 in base32 with a SHA-256 multihash and the codec raw or
/// dag-pb. Where both are given and the codec is raw, they must name the same hash. <c>length</c> is in bytes.
/// </remarks>
public sealed class BinaryField : FieldType
{
    /// <summary>Most media types.</summary>
    public const int MaxMediaTypes = 100;

    /// <summary>Greatest <see cref="MaxLength"/>: the largest integer that JSON carries exactly, 2^53 - 1.</summary>
    public const long GreatestLength = 9_007_199_254_740_991;

    internal const string Sha256Pattern = "[0-9a-f]{64}";

    // The first 6.4 digits spell version 1, codec raw (kr) or dag-pb (yb), SHA-256 and 32 bytes; the last digit has two spare zero bits.
    internal const string CidPattern = "baf(kr|yb)ei[a-h][a-z2-7]{50}[aeimquy4]";
    internal const string MediaTypePattern = "[a-z0-9][a-z0-9!#&_+.\\-]{0,63}/[a-z0-9][a-z0-9!#&_+.\\-]{0,63}";
    private static readonly TextPattern MediaType = TextPattern.Parse(MediaTypePattern);

    private readonly HashSet<string> _mediaTypes;

    /// <summary>Creates the type.</summary>
    /// <param name="mediaTypes">
    /// The allowed media types in lower case and without parameters, for example <c>image/png</c>; none allows every type. At most
    /// <see cref="MaxMediaTypes"/>, distinct; copied.
    /// </param>
    /// <param name="maxLength">Most bytes; 1 to <see cref="GreatestLength"/>.</param>
    /// <exception cref="ArgumentException">A media type is malformed or repeated, or they are too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is out of its range.</exception>
    public BinaryField(IEnumerable<string> mediaTypes, long maxLength)
    {
        ArgumentNullException.ThrowIfNull(mediaTypes);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLength, GreatestLength);
        string[] copy = [.. mediaTypes];
        if (copy.FirstOrDefault(type => type is null || !MediaType.IsMatch(type)) is string malformed)
        {
            throw new ArgumentException($"'{malformed}' is not a media type in lower case without parameters, for example image/png.", nameof(mediaTypes));
        }

        _mediaTypes = new HashSet<string>(copy, StringComparer.Ordinal);
        if (copy.Length > MaxMediaTypes || _mediaTypes.Count != copy.Length)
        {
            throw new ArgumentException($"At most {MaxMediaTypes} distinct media types are allowed.", nameof(mediaTypes));
        }

        MediaTypes = Array.AsReadOnly(copy);
        MaxLength = maxLength;
    }

    /// <summary>The allowed media types, in the order given; none allows every type.</summary>
    public IReadOnlyList<string> MediaTypes { get; }

    /// <summary>Most bytes.</summary>
    public long MaxLength { get; }

    internal override string Kind => "binary";

    internal override int Depth => 1;

    internal override void Describe(JsonObject document)
    {
        document["mediaTypes"] = new JsonArray([.. MediaTypes.Select(type => (JsonNode)JsonValue.Create(type)!)]);
        document["maxLength"] = MaxLength;
    }

    internal override void Validate(JsonElement value, string path, FaultList faults)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add(SchemaFaultCode.WrongType, path, value, "a reference with sha256 or cid, mediaType and length");
            return;
        }

        Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (faults.IsFull)
            {
                return;
            }

            string place = FaultList.Member(path, member.Name);
            if (member.Name is not ("sha256" or "cid" or "mediaType" or "length"))
            {
                faults.Add(SchemaFaultCode.UnexpectedField, place, member.Value, "only 'sha256', 'cid', 'mediaType', 'length'");
            }
            else if (!members.TryAdd(member.Name, member.Value))
            {
                faults.Add(SchemaFaultCode.RepeatedField, place, member.Value, "each field once");
            }
        }

        ValidateHash(members, path, faults);
        ValidateMediaType(members, path + ".mediaType", faults);
        ValidateLength(members, path + ".length", faults);
    }

    private static void ValidateHash(Dictionary<string, JsonElement> members, string path, FaultList faults)
    {
        byte[]? digest = null;
        if (members.TryGetValue("sha256", out JsonElement sha256))
        {
            const string expected = "64 lower-case hexadecimal digits";
            if (sha256.ValueKind != JsonValueKind.String)
            {
                faults.Add(SchemaFaultCode.WrongType, path + ".sha256", sha256, expected);
            }
            else if (Sha256Digest.TryParse(CanonicalJson.Text(sha256), null, out Sha256Digest parsed))
            {
                digest = parsed.ToArray();
            }
            else
            {
                faults.Add(SchemaFaultCode.HashMalformed, path + ".sha256", sha256, expected);
            }
        }

        if (members.TryGetValue("cid", out JsonElement cid))
        {
            const string expected = "a CIDv1 in base32 with a SHA-256 multihash";
            if (cid.ValueKind != JsonValueKind.String)
            {
                faults.Add(SchemaFaultCode.WrongType, path + ".cid", cid, expected);
            }
            else if (!TryReadCid(CanonicalJson.Text(cid), out byte codec, out byte[] hash))
            {
                faults.Add(SchemaFaultCode.HashMalformed, path + ".cid", cid, expected);
            }
            else if (codec == RawCodec && digest is not null && !digest.AsSpan().SequenceEqual(hash))
            {
                faults.Add(SchemaFaultCode.HashMalformed, path + ".cid", cid, "the same hash as sha256");
            }
        }
        else if (!members.ContainsKey("sha256"))
        {
            faults.Add(SchemaFaultCode.MissingField, path + ".sha256", "", "sha256 or cid");
        }
    }

    private void ValidateMediaType(Dictionary<string, JsonElement> members, string path, FaultList faults)
    {
        string expected = MediaTypes.Count == 0
            ? "a media type in lower case without parameters"
            : "one of " + string.Join(", ", MediaTypes.Take(20).Select(type => $"'{type}'")) + (MediaTypes.Count > 20 ? ", …" : "");
        if (!members.TryGetValue("mediaType", out JsonElement value))
        {
            faults.Add(SchemaFaultCode.MissingField, path, "", expected);
        }
        else if (value.ValueKind != JsonValueKind.String)
        {
            faults.Add(SchemaFaultCode.WrongType, path, value, expected);
        }
        else if (CanonicalJson.Text(value) is string type && (MediaTypes.Count == 0 ? type.Length > 200 || !MediaType.IsMatch(type) : !_mediaTypes.Contains(type)))
        {
            faults.Add(SchemaFaultCode.MediaTypeNotAllowed, path, value, expected);
        }
    }

    private void ValidateLength(Dictionary<string, JsonElement> members, string path, FaultList faults)
    {
        string expected = $"an integer from 0 to {MaxLength} (bytes)";
        if (!members.TryGetValue("length", out JsonElement value))
        {
            faults.Add(SchemaFaultCode.MissingField, path, "", expected);
        }
        else
        {
            new NumberField(0, MaxLength, isInteger: true).Validate(value, path, faults);
        }
    }

    private const byte RawCodec = 0x55;
    private const byte DagPbCodec = 0x70;

    /// <summary>Reads the 36 bytes version, codec, multihash function, length and hash behind the multibase prefix 'b'.</summary>
    private static bool TryReadCid(string text, out byte codec, out byte[] hash)
    {
        codec = 0;
        hash = [];
        const int bytes = 36;
        if (text.Length != 59 || text[0] != 'b')
        {
            return false;
        }

        byte[] decoded = new byte[bytes];
        int accumulator = 0;
        int bits = 0;
        int written = 0;
        foreach (char character in text.AsSpan(1))
        {
            int digit = character switch
            {
                >= 'a' and <= 'z' => character - 'a',
                >= '2' and <= '7' => character - '2' + 26,
                _ => -1,
            };
            if (digit < 0)
            {
                return false;
            }

            accumulator = ((accumulator << 5) | digit) & 0xFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                decoded[written++] = (byte)((accumulator >> bits) & 0xFF);
            }
        }

        // 58 digits carry 290 bits: the last two must be zero, or two texts would name one id.
        if ((accumulator & ((1 << bits) - 1)) != 0 || decoded[0] != 1 || decoded[1] is not (RawCodec or DagPbCodec)
            || decoded[2] != 0x12 || decoded[3] != 32)
        {
            return false;
        }

        codec = decoded[1];
        hash = decoded[4..];
        return true;
    }
}
