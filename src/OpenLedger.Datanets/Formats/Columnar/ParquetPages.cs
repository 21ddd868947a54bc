using System.Buffers;
using System.Buffers.Binary;

namespace OpenLedger.Datanets.Formats;

/// <summary>Walks the pages of a column before the library reads them, so that none asks for more than the limits allow.</summary>
internal static class ParquetPages
{
    private const int DataPage = 0;
    private const int DictionaryPage = 2;
    private const int DataPageV2 = 3;

    /// <summary>Memory per value while a row group is open: the value, both levels, and what the JSON text takes.</summary>
    private const int BytesPerValue = 40;

    /// <summary>Checks the pages of one column and returns the memory they will take.</summary>
    /// <exception cref="FormatException">A page breaks a rule; the message says which.</exception>
    /// <exception cref="EndOfStreamException">The file ends inside the column.</exception>
    public static async ValueTask<long> CheckAsync(
        Stream stream, ParquetFooter.Chunk chunk, ColumnarOptions options, long fileEnd, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(chunk.Codec))
        {
            throw new FormatException($"compression {chunk.Codec} is not read; write snappy, gzip, brotli or zstd");
        }

        if (chunk.Start < 4 || chunk.Length > fileEnd - chunk.Start)
        {
            throw new FormatException("a column lies outside of the file");
        }

        long memory = chunk.ValueCount * BytesPerValue;
        long values = 0;
        long position = chunk.Start;
        long end = chunk.Start + chunk.Length;
        bool hasDictionary = false;
        while (values < chunk.ValueCount)
        {
            Page page = await ReadHeaderAsync(stream, position, end, options, cancellationToken).ConfigureAwait(false);
            position += page.HeaderLength;
            if (page.CompressedLength > end - position || page.Length > options.MaxGroupBytes)
            {
                throw new FormatException(FormattableString.Invariant($"a page claims {page.CompressedLength} bytes, {page.Length} unpacked"));
            }

            if (page.Kind == DictionaryPage)
            {
                if (hasDictionary || page.ValueCount > page.Length)
                {
                    throw new FormatException("a dictionary is repeated or claims more entries than it has bytes");
                }

                hasDictionary = true;
                memory += (long)page.ValueCount * BytesPerValue;
            }
            else
            {
                if (page.Encoding is not (0 or 2 or 8))
                {
                    throw new FormatException(FormattableString.Invariant($"encoding {page.Encoding} is not read; write plain or dictionary pages"));
                }

                values += page.ValueCount;
            }

            memory += page.Length;
            if (values > chunk.ValueCount || memory > options.MaxGroupBytes)
            {
                throw new FormatException("the pages hold more than the column's metadata or MaxGroupBytes allow");
            }

            await CheckCompressionAsync(stream, position, page, chunk.Codec, cancellationToken).ConfigureAwait(false);
            position += page.CompressedLength;
        }

        chunk.Length = position - chunk.Start; // the library may not read past the last page that was checked
        return memory;
    }

    private static async ValueTask<Page> ReadHeaderAsync(Stream stream, long position, long end, ColumnarOptions options, CancellationToken cancellationToken)
    {
        // Headers are short but for the least and greatest value, which some writers put there in full.
        for (int length = 256; ; length *= 16)
        {
            int take = (int)Math.Min(length, end - position);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(take, 1));
            try
            {
                stream.Position = position;
                await stream.ReadExactlyAsync(buffer.AsMemory(0, take), cancellationToken).ConfigureAwait(false);
                if (TryParseHeader(buffer.AsSpan(0, take), out Page page))
                {
                    return page;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            if (take < length || length > options.MaxMetadataBytes)
            {
                throw new FormatException("a page header does not end");
            }
        }
    }

    private static bool TryParseHeader(ReadOnlySpan<byte> bytes, out Page page)
    {
        ThriftReader reader = new(bytes);
        try
        {
            page = ParseHeader(ref reader);
            return true;
        }
        catch (FormatException) when (reader.IsExhausted)
        {
            page = default;
            return false;
        }
    }

    private static Page ParseHeader(ref ThriftReader reader)
    {
        int kind = -1;
        int length = -1;
        int compressedLength = -1;
        Body? body = null;
        int field = 0;
        while (reader.TryReadField(ref field, out int type))
        {
            switch (field)
            {
                case 1:
                    ThriftReader.Expect(type, ThriftReader.I32);
                    kind = reader.ReadInt32();
                    break;
                case 2:
                    ThriftReader.Expect(type, ThriftReader.I32);
                    length = reader.ReadInt32();
                    break;
                case 3:
                    ThriftReader.Expect(type, ThriftReader.I32);
                    compressedLength = reader.ReadInt32();
                    break;
                case 4:
                    ThriftReader.Expect(type, ThriftReader.I32);
                    reader.Skip(type);
                    break;
                case 5 or 7 or 8:
                    ThriftReader.Expect(type, ThriftReader.Struct);
                    body = ParseBody(ref reader, field);
                    break;
                default:
                    throw new FormatException("a page header has an unknown field");
            }
        }

        int bodyField = kind switch { DataPage => 5, DictionaryPage => 7, DataPageV2 => 8, _ => throw new FormatException($"pages of kind {kind} are not read") };
        if (body is null || body.Value.Field != bodyField || length < 0 || compressedLength < 0 || body.Value.ValueCount < 0)
        {
            throw new FormatException("a page header lacks its body or has a negative size");
        }

        if (kind != DictionaryPage && body.Value.ValueCount == 0)
        {
            throw new FormatException("a page holds no value");
        }

        int levels = 0;
        if (kind == DataPageV2)
        {
            (int definition, int repetition) = (body.Value.DefinitionLength, body.Value.RepetitionLength);
            if (repetition != 0)
            {
                throw new FormatException("a list column has data pages of version 2, which are not read; write data_page_version 1.0");
            }

            levels = definition >= 0 && definition <= Math.Min(length, compressedLength) && body.Value.NullCount >= 0 && body.Value.NullCount <= body.Value.ValueCount
                ? definition
                : throw new FormatException("a page's levels are longer than the page");
        }

        return new Page(kind, reader.Position, compressedLength, length, body.Value.ValueCount, body.Value.Encoding, levels, body.Value.IsCompressed);
    }

    private static Body ParseBody(ref ThriftReader reader, int bodyField)
    {
        Body body = new() { Field = bodyField, ValueCount = -1, IsCompressed = true };
        int field = 0;
        while (reader.TryReadField(ref field, out int type))
        {
            bool isNumber = type == ThriftReader.I32;
            int encodingField = bodyField == 8 ? 4 : 2;
            if (isNumber && field == 1)
            {
                body.ValueCount = reader.ReadInt32();
            }
            else if (isNumber && field == encodingField)
            {
                body.Encoding = reader.ReadInt32();
            }
            else if (isNumber && bodyField == 8 && field == 2)
            {
                body.NullCount = reader.ReadInt32();
            }
            else if (isNumber && bodyField == 8 && field == 5)
            {
                body.DefinitionLength = reader.ReadInt32();
            }
            else if (isNumber && bodyField == 8 && field == 6)
            {
                body.RepetitionLength = reader.ReadInt32();
            }
            else if (bodyField == 8 && field == 7 && (type is ThriftReader.True or ThriftReader.False))
            {
                body.IsCompressed = type == ThriftReader.True;
            }
            else
            {
                // Numbers, flags and the statistics, whose fields are numbers, flags and texts: the library skips the same bytes.
                reader.Skip(type);
            }
        }

        return body;
    }

    private static async ValueTask CheckCompressionAsync(Stream stream, long position, Page page, ParquetCodec codec, CancellationToken cancellationToken)
    {
        int packed = page.CompressedLength - page.LevelsLength;
        int unpacked = page.Length - page.LevelsLength;
        if (codec == ParquetCodec.None || !page.IsCompressed)
        {
            if (page.CompressedLength != page.Length)
            {
                throw new FormatException("a page that is not compressed has two lengths");
            }

            return;
        }

        if (codec is not (ParquetCodec.Snappy or ParquetCodec.Zstandard) || packed == 0)
        {
            return; // the library unpacks gzip and brotli into a buffer of the page's length, which was checked
        }

        // Snappy and zstd carry a length of their own, which the library believes.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(packed);
        try
        {
            stream.Position = position + page.LevelsLength;
            int take = codec == ParquetCodec.Snappy ? Math.Min(packed, 5) : packed;
            await stream.ReadExactlyAsync(buffer.AsMemory(0, take), cancellationToken).ConfigureAwait(false);
            long claimed = codec == ParquetCodec.Snappy ? SnappyLength(buffer.AsSpan(0, take)) : ZstandardBound(buffer.AsSpan(0, take));
            bool isTrue = codec == ParquetCodec.Snappy ? claimed == unpacked : claimed <= Math.Max(2L * unpacked, unpacked + (256L << 10));
            if (!isTrue)
            {
                throw new FormatException(FormattableString.Invariant($"a page of {unpacked} bytes claims {claimed} inside its compression"));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static long SnappyLength(ReadOnlySpan<byte> bytes)
    {
        long length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            length |= (long)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                return length;
            }
        }

        throw new FormatException("a compressed page has no length");
    }

    /// <summary>The most bytes that a sequence of zstd frames can unpack to: the content size, or the sum of its blocks. Source: RFC 8878.</summary>
    private static long ZstandardBound(ReadOnlySpan<byte> bytes)
    {
        const int MaxBlockLength = 128 << 10;
        long total = 0;
        while (bytes.Length > 0)
        {
            if (bytes.Length < 6 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != 0xFD2FB528)
            {
                throw new FormatException("a page is not a zstd frame");
            }

            int descriptor = bytes[4];
            bool isSingleSegment = (descriptor & 32) != 0;
            int sizeLength = (descriptor >> 6) switch { 0 => isSingleSegment ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
            int dictionaryLength = (descriptor & 3) switch { 0 => 0, 1 => 1, 2 => 2, _ => 4 };
            int position = 5 + (isSingleSegment ? 0 : 1) + dictionaryLength;
            if (bytes.Length < position + sizeLength + 3)
            {
                throw new FormatException("a zstd frame ends in its head");
            }

            ReadOnlySpan<byte> size = bytes.Slice(position, sizeLength);
            ulong content = sizeLength switch
            {
                1 => size[0],
                2 => 256UL + BinaryPrimitives.ReadUInt16LittleEndian(size),
                4 => BinaryPrimitives.ReadUInt32LittleEndian(size),
                8 => BinaryPrimitives.ReadUInt64LittleEndian(size),
                _ => 0,
            };
            if (content > int.MaxValue)
            {
                throw new FormatException("a zstd frame claims more than 2 GiB");
            }

            position += sizeLength;
            long blocks = 0;
            for (bool isLast = false; !isLast;)
            {
                if (bytes.Length < position + 3)
                {
                    throw new FormatException("a zstd frame ends between its blocks");
                }

                int head = bytes[position] | (bytes[position + 1] << 8) | (bytes[position + 2] << 16);
                isLast = (head & 1) != 0;
                int kind = (head >> 1) & 3;
                int length = head >> 3;
                blocks += kind == 2 ? MaxBlockLength : length;
                position += 3 + (kind == 1 ? 1 : length);
            }

            position += (descriptor & 4) != 0 ? 4 : 0;
            if (position > bytes.Length)
            {
                throw new FormatException("a zstd frame is longer than its page");
            }

            total += sizeLength > 0 ? (long)content : blocks;
            bytes = bytes[position..];
        }

        return total;
    }

    private readonly record struct Page(
        int Kind, int HeaderLength, int CompressedLength, int Length, int ValueCount, int Encoding, int LevelsLength, bool IsCompressed);

    private record struct Body(int Field, int ValueCount, int NullCount, int Encoding, int DefinitionLength, int RepetitionLength, bool IsCompressed);
}
