using System.IO.Compression;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace OpenLedger.Datanets.Pdf;

/// <summary>Measures what a stream unpacks to before the library unpacks it, since the library has no limit of its own.</summary>
/// <remarks>Source of the codecs: ISO 32000-1, 7.4. Pictures are never unpacked: their filters are said not to be supported.</remarks>
internal sealed class BoundedFilter(IFilter inner, UnpackBudget budget) : IFilter
{
    private const int LzwClear = 256;
    private const int LzwEnd = 257;

    public bool IsSupported => inner.IsSupported && inner is not (CcittFaxDecodeFilter or DctDecodeFilter or Jbig2DecodeFilter or JpxDecodeFilter);

    public Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
    {
        if (!IsSupported)
        {
            return Memory<byte>.Empty;
        }

        long length = inner switch
        {
            FlateFilter => FlateLength(input),
            LzwFilter => Math.Max(LzwLength(input.Span, earlyChange: 1), LzwLength(input.Span, earlyChange: 0)),
            RunLengthFilter => RunLengthLength(input.Span),
            _ => input.Length, // the two ASCII filters make data shorter
        };
        budget.Spend(length);
        return inner.Decode(input, streamDictionary, filterProvider, filterIndex);
    }

    private long FlateLength(Memory<byte> input)
    {
        if (input.Length <= 2)
        {
            return 0;
        }

        using MemoryStream packed = new(input[2..].ToArray(), writable: false); // after the head of zlib, as the library reads it
        using DeflateStream stream = new(packed, CompressionMode.Decompress);
        byte[] buffer = new byte[32 << 10];
        long length = 0;
        try
        {
            int read;
            while (length <= budget.MaxPartBytes && (read = stream.Read(buffer)) > 0)
            {
                length += read;
            }
        }
        catch (InvalidDataException)
        {
            // What was unpacked before the damage is what the library will hold at most; it meets the damage next.
        }

        return length;
    }

    /// <summary>The length that LZW codes unpack to: only how long each entry of the table is matters, not what it holds.</summary>
    private long LzwLength(ReadOnlySpan<byte> input, int earlyChange)
    {
        Span<int> lengths = stackalloc int[4096];
        lengths[..LzwClear].Fill(1);
        long total = 0;
        int next = 258;
        int previous = 0;
        int width = 9;
        long bits = 0;
        int available = 0;
        foreach (byte value in input)
        {
            bits = ((bits << 8) | value) & 0xFFFFFF;
            available += 8;
            if (available < width)
            {
                continue;
            }

            available -= width;
            int code = (int)(bits >> available) & ((1 << width) - 1);
            if (code == LzwEnd || total > budget.MaxPartBytes)
            {
                return total;
            }

            if (code == LzwClear)
            {
                (next, previous, width) = (258, 0, 9);
                continue;
            }

            int length = code < next ? lengths[code] : previous + 1;
            total += length;
            if (previous > 0 && next < 4096)
            {
                lengths[next++] = previous + 1;
            }

            previous = length;
            width = next + earlyChange >= 2048 ? 12 : next + earlyChange >= 1024 ? 11 : next + earlyChange >= 512 ? 10 : 9;
        }

        return total;
    }

    private static long RunLengthLength(ReadOnlySpan<byte> input)
    {
        long total = 0;
        for (int i = 0; i < input.Length && input[i] != 128;)
        {
            int run = input[i];
            total += run < 128 ? run + 1 : 257 - run;
            i += run < 128 ? run + 2 : 2;
        }

        return total;
    }
}
