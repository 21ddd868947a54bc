using System.Buffers.Binary;
using System.IO.Compression;

namespace OpenLedger.Datanets.Formats;

/// <summary>Opens the ZIP container of a document that may be hostile.</summary>
internal static class SafeZip
{
    private const int EndRecordLength = 22;
    private const int MaxCommentLength = 65_535;
    private const int EntryLength = 46;
    private const int RatioFreeBytes = 1 << 20; // short parts compress well and do no harm

    /// <summary>Opens an archive after checking the number and the names of its entries.</summary>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidDocument"/>, <see cref="DatanetError.LimitExceeded"/> or <see cref="DatanetError.UnsafePath"/>.
    /// </exception>
    public static ZipArchive Open(byte[] bytes, string fileName, DocumentOptions options)
    {
        CheckDirectory(bytes, fileName, options);
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                CheckName(entry.FullName, fileName);
            }

            ZipArchive opened = archive;
            archive = null;
            return opened;
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(fileName, exception.Message, exception);
        }
        finally
        {
            archive?.Dispose();
        }
    }

    /// <summary>Unpacks one entry, as far as the limits allow; what the archive says of its size is not believed.</summary>
    public static byte[] Read(ZipArchiveEntry entry, string fileName, DocumentOptions options)
    {
        try
        {
            using Stream stream = entry.Open();
            using MemoryStream unpacked = new();
            byte[] buffer = new byte[16 << 10];
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                unpacked.Write(buffer, 0, read);
                bool isBomb = unpacked.Length > options.MaxPartBytes
                    || (unpacked.Length > RatioFreeBytes && unpacked.Length / Math.Max(1, entry.CompressedLength) > options.MaxCompressionRatio);
                if (isBomb)
                {
                    throw new DatanetException(
                        DatanetError.LimitExceeded,
                        $"{fileName}: the part '{entry.FullName}' unpacks beyond {nameof(options.MaxPartBytes)} or {nameof(options.MaxCompressionRatio)}.");
                }
            }

            return unpacked.ToArray();
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(fileName, exception.Message, exception);
        }
    }

    public static DatanetException Damaged(string fileName, string reason, Exception? cause = null) =>
        new(DatanetError.InvalidDocument, $"{fileName}: the document is damaged: {reason.ReplaceLineEndings(" ").TrimEnd('.')}.", cause);

    /// <summary>What System.IO.Compression throws for a damaged archive; the bytes are in memory, so that no device is at fault.</summary>
    private static bool IsDamage(Exception exception) => exception
        is InvalidDataException or EndOfStreamException or IOException or NotSupportedException or ArgumentException or OverflowException;

    private static void CheckName(string name, string fileName)
    {
        bool isUnsafe = name.Length == 0 || name[0] == '/' || name.AsSpan().IndexOfAny('\\', ':', '\0') >= 0 || name.Split('/').Contains("..");
        if (isUnsafe)
        {
            throw new DatanetException(DatanetError.UnsafePath, $"{fileName}: the document holds a part with the unsafe name '{Shorten(name)}'.");
        }
    }

    private static string Shorten(string name) => string.Concat(name.Take(80).Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>
    /// Walks the central directory, because the framework makes an object of every entry before anyone can count them, and 64 MiB hold a million.
    /// Source: APPNOTE.TXT 6.3.10, 4.3.12 and 4.3.16.
    /// </summary>
    private static void CheckDirectory(ReadOnlySpan<byte> bytes, string fileName, DocumentOptions options)
    {
        int end = -1;
        for (int i = bytes.Length - EndRecordLength; i >= 0 && i >= bytes.Length - EndRecordLength - MaxCommentLength && end < 0; i--)
        {
            end = BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]) == 0x06054B50 ? i : -1;
        }

        if (end < 0)
        {
            bool isOle = bytes.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]);
            throw isOle
                ? new DatanetException(DatanetError.InvalidDocument, $"{fileName}: the document is encrypted or of an old format; save it as .docx without a password.")
                : Damaged(fileName, "it is no whole ZIP archive");
        }

        uint position = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(end + 16)..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[(end + 10)..]) == ushort.MaxValue || position == uint.MaxValue)
        {
            throw Damaged(fileName, "it is a ZIP64 archive, which no document needs");
        }

        int count = 0;
        while (position + EntryLength <= bytes.Length && BinaryPrimitives.ReadUInt32LittleEndian(bytes[(int)position..]) == 0x02014B50)
        {
            ReadOnlySpan<byte> entry = bytes[(int)position..];
            position += (uint)(EntryLength + BinaryPrimitives.ReadUInt16LittleEndian(entry[28..])
                + BinaryPrimitives.ReadUInt16LittleEndian(entry[30..]) + BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]));
            if (++count > options.MaxParts)
            {
                throw new DatanetException(DatanetError.LimitExceeded, $"{fileName}: the document has more than {options.MaxParts} parts.");
            }
        }
    }
}
