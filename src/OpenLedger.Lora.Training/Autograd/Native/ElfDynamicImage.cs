using System.Buffers.Binary;
using System.Text;

namespace OpenLedger.Lora.Training.Autograd;

/// <summary>
/// The tables of a 64-bit little-endian ELF library that the dynamic loader reads: symbols, their names and their versions. They are found through the
/// program headers and the dynamic section, as the loader does it; section headers may be stripped or lie.
/// </summary>
/// <remarks>Layouts: System V gABI, chapters 4 and 5; GNU hash table and version records as glibc reads them. Not a view of relocations or code.</remarks>
internal sealed class ElfDynamicImage
{
    private const int HeaderBytes = 64;
    private const int ProgramHeaderBytes = 56;
    private const int SymbolBytes = 24;
    private const uint LoadSegment = 1;
    private const uint DynamicSegment = 2;

    // Far above any real library; they bound the work that a forged count can cause.
    private const int MaxVersionRecords = 4096;
    private const int MaxNameBytes = 4096;

    private readonly byte[] _file;
    private readonly List<(ulong Address, ulong Offset, ulong Bytes)> _segments = [];
    private readonly int _strings;
    private readonly int _stringBytes;
    private readonly int _symbols;
    private readonly int _versions;
    private readonly int _needs;
    private readonly int _needCount;

    private ElfDynamicImage(byte[] file)
    {
        _file = file;
        if (file.Length < HeaderBytes || !file.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
        {
            throw Refuse("it is no ELF file");
        }

        if (file[4] != 2 || file[5] != 1 || ReadUInt16(16) != 3)
        {
            throw Refuse("it is no 64-bit little-endian shared object");
        }

        Dictionary<ulong, ulong> entries = ReadDynamicEntries(ReadProgramHeaders());
        _stringBytes = ToLength(Entry(entries, 10, "DT_STRSZ"));
        _strings = ToOffset(Entry(entries, 5, "DT_STRTAB"), _stringBytes);
        if (Entry(entries, 11, "DT_SYMENT") != SymbolBytes)
        {
            throw Refuse("its symbols are not 24 bytes long");
        }

        ulong symbols = Entry(entries, 6, "DT_SYMTAB");
        ulong versions = Entry(entries, 0x6ffffff0, "DT_VERSYM");
        SymbolCount = CountSymbols(Entry(entries, 0x6ffffef5, "DT_GNU_HASH"));
        _symbols = ToOffset(symbols, checked((long)SymbolCount * SymbolBytes));
        _versions = ToOffset(versions, SymbolCount * 2L);
        _needs = ToOffset(Entry(entries, 0x6ffffffe, "DT_VERNEED"), 16);
        ulong needCount = Entry(entries, 0x6fffffff, "DT_VERNEEDNUM");
        _needCount = needCount <= MaxVersionRecords ? (int)needCount : throw Refuse($"it claims {needCount} version tables");
    }

    /// <summary>Gets the number of dynamic symbols; symbol 0 is the empty one.</summary>
    public int SymbolCount { get; }

    public static ElfDynamicImage Parse(byte[] file) => new(file);

    public static TorchRuntimeException Refuse(string reason) =>
        new(TorchRuntimeError.LibraryNotAdjustable, $"The library '{ElfVersionPatcher.BridgeLibrary}' cannot be adjusted: {reason}.");

    public int SymbolOffset(int symbol) => _symbols + (symbol * SymbolBytes);

    /// <summary>The four bytes of <c>st_name</c>.</summary>
    public ReadOnlySpan<byte> SymbolNameField(int symbol) => _file.AsSpan(SymbolOffset(symbol), 4);

    public string SymbolName(int symbol) => ReadName(ReadUInt32(SymbolOffset(symbol)));

    /// <summary>Compares without reading further than <paramref name="name"/> is long: a forged table cannot make this slow.</summary>
    public bool HasName(int symbol, string name)
    {
        uint index = ReadUInt32(SymbolOffset(symbol));
        if (index >= (uint)_stringBytes || name.Length >= _stringBytes - (int)index)
        {
            return false;
        }

        ReadOnlySpan<byte> text = _file.AsSpan(_strings + (int)index, name.Length + 1);
        return text[^1] == 0 && Ascii.Equals(text[..^1], name);
    }

    /// <summary>Whether the library itself provides the symbol (<c>st_shndx</c> is not <c>SHN_UNDEF</c>).</summary>
    public bool IsDefined(int symbol) => ReadUInt16(SymbolOffset(symbol) + 6) != 0;

    public int VersionOffset(int symbol) => _versions + (symbol * 2);

    public ushort VersionIndex(int symbol) => ReadUInt16(VersionOffset(symbol));

    /// <summary>Finds the only record of a version name.</summary>
    public ElfVersionNeed? FindVersionNeed(string name)
    {
        ElfVersionNeed? found = null;
        int visited = 0;
        long table = _needs;
        for (int i = 0; i < _needCount; i++)
        {
            // Elfxx_Verneed: version, count, file, offset of the first record, offset of the next table.
            int at = Checked(table, 16);
            string file = ReadName(ReadUInt32(at + 4));
            long record = table + ReadUInt32(at + 8);
            for (int remaining = ReadUInt16(at + 2); remaining > 0; remaining--)
            {
                if (++visited > MaxVersionRecords)
                {
                    throw Refuse($"it has more than {MaxVersionRecords} version records");
                }

                // Elfxx_Vernaux: hash, flags, index, name, offset of the next record.
                int auxiliary = Checked(record, 16);
                if (ReadName(ReadUInt32(auxiliary + 8)) == name)
                {
                    found = found is null
                        ? new ElfVersionNeed(file, name, ReadUInt16(auxiliary + 6), ReadUInt16(auxiliary + 4), auxiliary + 4)
                        : throw Refuse($"it needs {name} twice");
                }

                record += ReadUInt32(auxiliary + 12);
            }

            table += ReadUInt32(at + 12);
        }

        return found;
    }

    /// <summary>Collects the loaded segments, and returns where the dynamic section lies in the file.</summary>
    private (int Offset, int Bytes) ReadProgramHeaders()
    {
        ulong start = ReadUInt64(32);
        int count = ReadUInt16(56);
        if (ReadUInt16(54) != ProgramHeaderBytes || start > (ulong)_file.Length)
        {
            throw Refuse("its program headers have an unknown shape");
        }

        (int Offset, int Bytes)? dynamic = null;
        for (int i = 0; i < count; i++)
        {
            int at = Checked((long)start + ((long)i * ProgramHeaderBytes), ProgramHeaderBytes);
            uint kind = ReadUInt32(at);
            ulong offset = ReadUInt64(at + 8);
            ulong address = ReadUInt64(at + 16);
            ulong bytes = ReadUInt64(at + 32);
            if (kind is not (LoadSegment or DynamicSegment))
            {
                continue;
            }

            if (offset > (ulong)_file.Length || bytes > (ulong)_file.Length - offset)
            {
                throw Refuse("a segment reaches beyond the end of the file");
            }

            if (kind == LoadSegment)
            {
                _segments.Add((address, offset, bytes));
            }
            else
            {
                dynamic = ((int)offset, (int)bytes);
            }
        }

        return dynamic ?? throw Refuse("it has no dynamic section");
    }

    private Dictionary<ulong, ulong> ReadDynamicEntries((int Offset, int Bytes) section)
    {
        Dictionary<ulong, ulong> entries = [];
        for (int i = 0; i + 16 <= section.Bytes; i += 16)
        {
            ulong tag = ReadUInt64(section.Offset + i);
            if (tag == 0)
            {
                return entries;
            }

            // The tables that matter occur once; DT_NEEDED and its like may repeat and are not read.
            entries[tag] = ReadUInt64(section.Offset + i + 8);
        }

        throw Refuse("its dynamic section has no end mark");
    }

    private static ulong Entry(Dictionary<ulong, ulong> entries, ulong tag, string name) =>
        entries.TryGetValue(tag, out ulong value) ? value : throw Refuse($"its dynamic section has no {name}");

    /// <summary>
    /// The symbol table does not say its own length; the hash table does: its highest bucket, followed to the end mark of that chain, is the last symbol.
    /// </summary>
    private int CountSymbols(ulong hashAddress)
    {
        int hash = ToOffset(hashAddress, 16);
        uint buckets = ReadUInt32(hash);
        uint firstHashed = ReadUInt32(hash + 4);
        uint bloomWords = ReadUInt32(hash + 8);
        long bucketsAt = hash + 16L + (bloomWords * 8L);
        long chains = bucketsAt + (buckets * 4L);
        if (chains > _file.Length)
        {
            throw Refuse("its hash table reaches beyond the end of the file");
        }

        uint last = 0;
        for (uint i = 0; i < buckets; i++)
        {
            last = Math.Max(last, ReadUInt32((int)(bucketsAt + (i * 4L))));
        }

        if (last < firstHashed || last == 0)
        {
            throw Refuse("it exports no symbols");
        }

        while (true)
        {
            int link = Checked(chains + ((last - (long)firstHashed) * 4), 4);
            last++;
            if ((ReadUInt32(link) & 1) != 0)
            {
                return last <= _file.Length / SymbolBytes ? (int)last : throw Refuse("it claims more symbols than it can hold");
            }
        }
    }

    private int ToOffset(ulong address, long bytes)
    {
        foreach ((ulong start, ulong offset, ulong length) in _segments)
        {
            if (address >= start && address - start <= length && (ulong)bytes <= length - (address - start))
            {
                return (int)(offset + (address - start));
            }
        }

        throw Refuse("a table lies outside of the file's segments");
    }

    private int ToLength(ulong bytes) => bytes <= (ulong)_file.Length ? (int)bytes : throw Refuse("a table is longer than the file");

    private int Checked(long offset, int bytes) =>
        offset >= 0 && offset <= _file.Length - bytes ? (int)offset : throw Refuse("a record lies beyond the end of the file");

    private string ReadName(uint index)
    {
        if (index >= (uint)_stringBytes)
        {
            throw Refuse("a name lies outside of the string table");
        }

        ReadOnlySpan<byte> rest = _file.AsSpan(_strings + (int)index, _stringBytes - (int)index);
        int end = rest[..Math.Min(rest.Length, MaxNameBytes)].IndexOf((byte)0);
        return end >= 0 ? Encoding.UTF8.GetString(rest[..end]) : throw Refuse("a name has no end");
    }

    private ushort ReadUInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(Checked(offset, 2)));

    private uint ReadUInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(Checked(offset, 4)));

    private ulong ReadUInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_file.AsSpan(Checked(offset, 8)));
}
