using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using OpenLedger.Datanets.Deduplication.Near.Kernels;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>Makes MinHash signatures of texts and records.</summary>
/// <remarks>
/// Row i is the minimum over all shingles of (h ^ mask) · multiplier mod 2^32, where h is one half of the shingle's 64-bit hash, mixed
/// and cut to 8 bits. Equal on every machine. Deterministic; safe for concurrent use.
/// </remarks>
public sealed class MinHasher
{
    private const int FormatVersion = 1; // of everything from the form of the text to the bytes of the signature

    private readonly uint[] _masks;
    private readonly uint[] _multipliers;
    private readonly uint[] _mixers;
    private readonly ulong _tokenSeed;

    /// <summary>Chooses the hash functions.</summary>
    /// <param name="options">How signatures are made.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public MinHasher(MinHashOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        SignatureLength = options.Bands * options.Rows;
        int padded = (SignatureLength + MinHashKernel.RowMultiple - 1) / MinHashKernel.RowMultiple * MinHashKernel.RowMultiple;
        _masks = new uint[padded];
        _multipliers = new uint[padded];
        _mixers = new uint[padded];
        unchecked
        {
            ulong state = (ulong)options.Seed;
            _tokenSeed = Next(ref state);
            for (int i = 0; i < padded; i++)
            {
                _masks[i] = (uint)Next(ref state);
                _multipliers[i] = (uint)Next(ref state) | 1;
                _mixers[i] = (uint)Next(ref state) | 1;
            }
        }
    }

    /// <summary>How signatures are made.</summary>
    public MinHashOptions Options { get; }

    /// <summary>Bytes of a signature.</summary>
    public int SignatureLength { get; }

    /// <summary>Names everything that a signature depends on: signatures can be compared only when this is equal. 8 hexadecimal digits.</summary>
    public string Layout => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        FormattableString.Invariant($"openledger-minhash {FormatVersion} {Options.Bands} {Options.Rows} {Options.ShingleLength} ")
        + FormattableString.Invariant($"{Options.Seed} {(int)Options.Tokens} {Options.IgnoreNumbers} {Options.IgnoreDiacritics}")))[..4]);

    /// <summary>Makes the signature of a text.</summary>
    /// <param name="utf8">UTF-8; what is not counts as U+FFFD.</param>
    public MinHashSignature Sign(ReadOnlySpan<byte> utf8)
    {
        byte[] rows = new byte[SignatureLength];
        return TrySign(utf8, rows) ? new MinHashSignature(rows) : new MinHashSignature([]);
    }

    /// <summary>Makes the signature of a text.</summary>
    /// <param name="text">UTF-16; half a surrogate pair counts as U+FFFD.</param>
    public MinHashSignature Sign(ReadOnlySpan<char> text)
    {
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return Sign(utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    /// <summary>Makes the signature of a record: of all its text values, see <see cref="RecordText"/>.</summary>
    /// <param name="record">Any record.</param>
    public MinHashSignature Sign(DatanetRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        byte[] text = ArrayPool<byte>.Shared.Rent(record.Payload.Length);
        try
        {
            return Sign(text.AsSpan(0, RecordText.Write(record.Payload.Span, text)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    /// <summary>Makes the signature of a text without allocating.</summary>
    /// <param name="utf8">UTF-8; what is not counts as U+FFFD.</param>
    /// <param name="destination">At least <see cref="SignatureLength"/> bytes.</param>
    /// <returns><see langword="false"/> when the text has no word; then nothing is written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public bool TrySign(ReadOnlySpan<byte> utf8, Span<byte> destination)
    {
        if (destination.Length < SignatureLength)
        {
            throw new ArgumentException(
                $"The destination has {destination.Length} bytes; a signature needs {SignatureLength}.", nameof(destination));
        }

        using ComparableText text = ComparableText.Of(utf8, Options);
        int count = Shingler.Hash(text, Options, _tokenSeed, out ulong[] shingles);
        try
        {
            if (count == 0)
            {
                return false;
            }

            SignShingles(shingles.AsSpan(0, count), destination);
            return true;
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(shingles);
        }
    }

    /// <summary>Computes the Jaccard similarity of two texts from all their shingles: what signatures estimate.</summary>
    /// <param name="left">UTF-8.</param>
    /// <param name="right">UTF-8.</param>
    /// <returns>0 to 1; 0 when a text has no word.</returns>
    public double Similarity(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        ulong[] first = ShinglesOf(left);
        ulong[] second = ShinglesOf(right);
        int shared = 0;
        for (int i = 0, j = 0; i < first.Length && j < second.Length;)
        {
            int order = first[i].CompareTo(second[j]);
            shared += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        int union = first.Length + second.Length - shared;
        return union == 0 ? 0 : shared / (double)union;
    }

    /// <summary>The distinct hashes of the shingles of a text, ascending.</summary>
    internal ulong[] ShinglesOf(ReadOnlySpan<byte> utf8)
    {
        using ComparableText text = ComparableText.Of(utf8, Options);
        int count = Shingler.Hash(text, Options, _tokenSeed, out ulong[] shingles);
        Span<ulong> sorted = shingles.AsSpan(0, count);
        sorted.Sort();
        int distinct = 0;
        for (int i = 0; i < count; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                sorted[distinct++] = sorted[i];
            }
        }

        ulong[] result = sorted[..distinct].ToArray();
        ArrayPool<ulong>.Shared.Return(shingles);
        return result;
    }

    /// <summary>Makes the signature of a set of shingles, repetitions allowed.</summary>
    internal void SignShingles(ReadOnlySpan<ulong> shingles, Span<byte> destination)
    {
        Span<uint> minima = stackalloc uint[1024 + MinHashKernel.RowMultiple];
        minima = minima[.._masks.Length];
        MinHashKernel.Minima(shingles, _masks, _multipliers, minima);
        Cut(minima, destination);
    }

    /// <summary>The start of every token hash.</summary>
    internal ulong TokenSeed => _tokenSeed;

    /// <summary>The rows before they are cut, to be compared with a readable loop.</summary>
    internal (uint Mask, uint Multiplier, uint Mixer) Row(int i) => (_masks[i], _multipliers[i], _mixers[i]);

    // Mixed before it is cut, each row in its own way: the low bits of a product follow from the low bits of its factors, so that two
    // different shingles with equal low bits would otherwise agree in every row.
    private void Cut(ReadOnlySpan<uint> minima, Span<byte> destination)
    {
        for (int i = 0; i < SignatureLength; i++)
        {
            unchecked
            {
                uint mixed = (minima[i] ^ (minima[i] >> 15)) * _mixers[i];
                mixed = (mixed ^ (mixed >> 13)) * 0x85EBCA6B;
                destination[i] = (byte)(mixed >> 24);
            }
        }
    }

    private static ulong Next(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            return Shingler.Mix(state);
        }
    }
}
