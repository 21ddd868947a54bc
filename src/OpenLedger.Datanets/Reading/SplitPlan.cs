using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Reading;

/// <summary>Divides records into named parts by a keyed hash: a record keeps its part whatever else is added, removed or read first.</summary>
/// <remarks>
/// The part of a key <c>k</c> is where <c>floor(h * W / 2^64)</c> falls among the weights, summed in order; <c>W</c> is their sum and
/// <c>h</c> the first eight bytes, big-endian, of SHA-256 over the ASCII text <c>openledger-split/1:</c>, the seed as eight bytes
/// big-endian, and <c>k</c>. The key is the record's digest, the text form of its contributor, or the canonical JSON of a field.
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class SplitPlan
{
    private const int MaxWeight = 1_000_000;
    private const int MaxNameLength = 64;
    private readonly long _totalWeight;

    /// <summary>Creates a plan.</summary>
    /// <param name="shares">1 to 100 parts with distinct names of 1 to 64 letters, digits, <c>_</c>, <c>.</c> and <c>-</c>; copied.</param>
    /// <param name="seed">Another seed gives another division.</param>
    /// <param name="key">What stays together.</param>
    /// <param name="field">The member of the payload for <see cref="SplitKey.Field"/>; otherwise <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">A parameter is not legal; the message names every fault.</exception>
    public SplitPlan(IEnumerable<SplitShare> shares, ulong seed, SplitKey key = SplitKey.Record, string? field = null)
    {
        ArgumentNullException.ThrowIfNull(shares);
        SplitShare[] copy = [.. shares];
        List<string> faults = [];
        if (copy.Length is 0 or > 100)
        {
            faults.Add($"A plan has 1 to 100 parts, not {copy.Length}.");
        }

        foreach (SplitShare share in copy)
        {
            if (share is null || !IsName(share.Name))
            {
                faults.Add($"'{share?.Name}' is not the name of a part: 1 to {MaxNameLength} letters, digits, '_', '.' and '-'.");
            }
            else if (share.Weight is < 1 or > MaxWeight)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"The weight of '{share.Name}' is {share.Weight}; it must be from 1 to {MaxWeight}."));
            }
        }

        if (faults.Count == 0 && copy.DistinctBy(share => share.Name).Count() != copy.Length)
        {
            faults.Add("Two parts have one name; name each differently.");
        }

        if (!Enum.IsDefined(key))
        {
            faults.Add($"The key {(int)key} is unknown; use a member of {nameof(SplitKey)}.");
        }
        else if ((key == SplitKey.Field) != !string.IsNullOrEmpty(field))
        {
            faults.Add($"A field is named for {nameof(SplitKey)}.{nameof(SplitKey.Field)}, and only for it.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(shares));
        }

        Shares = Array.AsReadOnly(copy);
        Seed = seed;
        Key = key;
        Field = field;
        _totalWeight = copy.Sum(share => (long)share.Weight);
    }

    /// <summary>The parts, in the order given.</summary>
    public IReadOnlyList<SplitShare> Shares { get; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>What stays together.</summary>
    public SplitKey Key { get; }

    /// <summary>The field that keeps records together, or <see langword="null"/>.</summary>
    public string? Field { get; }

    /// <summary>Eight tenths for training, one each for validation and test, record by record.</summary>
    /// <param name="seed">Another seed gives another division.</param>
    public static SplitPlan EightOneOne(ulong seed) =>
        new([new SplitShare("train", 8), new SplitShare("validation", 1), new SplitShare("test", 1)], seed);

    /// <summary>Says into which part a record falls.</summary>
    /// <param name="record">The record.</param>
    /// <param name="contributor">Who gave it.</param>
    /// <returns>The part, one of <see cref="Shares"/>.</returns>
    public SplitShare Assign(DatanetRecord record, ContributorId contributor)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Key switch
        {
            SplitKey.Contributor => Place(Encoding.ASCII.GetBytes(contributor.ToString())),
            SplitKey.Field when record.Element.TryGetProperty(Field!, out JsonElement value) => Place(CanonicalJson.Serialize(value)),
            _ => Place(record.Digest.ToArray()),
        };
    }

    /// <summary>Whether the plan has a part of that name.</summary>
    public bool Has(string name) => Shares.Any(share => share.Name == name);

    private SplitShare Place(ReadOnlySpan<byte> key)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> seed = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(seed, Seed);
        hash.AppendData("openledger-split/1:"u8);
        hash.AppendData(seed);
        hash.AppendData(key);
        Span<byte> digest = stackalloc byte[Sha256Digest.Length];
        hash.GetHashAndReset(digest);
        long point = (long)(ulong)(((UInt128)BinaryPrimitives.ReadUInt64BigEndian(digest) * (ulong)_totalWeight) >> 64);
        foreach (SplitShare share in Shares)
        {
            point -= share.Weight;
            if (point < 0)
            {
                return share;
            }
        }

        throw new InvalidOperationException("The weights of a plan do not add up to their sum.");
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
