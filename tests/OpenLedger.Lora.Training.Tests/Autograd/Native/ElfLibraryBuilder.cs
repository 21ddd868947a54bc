using System.Buffers.Binary;
using System.Text;

namespace OpenLedger.Lora.Training.Tests.Autograd.Native;

/// <summary>
/// Writes the smallest ELF file that has what the patcher looks at: program headers, dynamic section, symbols, names, versions and the hash table.
/// Tables are laid out in the order in which they are written; nothing is executable.
/// </summary>
internal sealed class ElfLibraryBuilder
{
    /// <summary>A second symbol that needs the version; <see langword="null"/> for none.</summary>
    public string? OtherSymbolOfVersion { get; init; }

    public string Initialiser { get; init; } = "_ZSt21ios_base_library_initv";

    public string Harmless { get; init; } = "__cxa_end_catch";

    public string Version { get; init; } = "GLIBCXX_3.4.32";

    public string VersionFile { get; init; } = "libstdc++.so.6";

    /// <summary>Added to every address, as a linker does for segments that do not start at zero.</summary>
    public ulong BaseAddress { get; init; } = 0x1000;

    public bool InitialiserIsDefined { get; init; }

    public int VersionOffset { get; private set; }

    public int SymbolsOffset { get; private set; }

    public int NeedsOffset { get; private set; }

    public byte[] Build()
    {
        using MemoryStream strings = new();
        strings.WriteByte(0);
        uint Name(string text)
        {
            uint at = (uint)strings.Length;
            strings.Write(Encoding.ASCII.GetBytes(text + "\0"));
            return at;
        }

        // Index 1: the initialiser, 2: the harmless one, [3: the other one,] last: an export, which the hash table needs.
        List<(uint Name, ushort Section, ushort Version)> symbols =
        [
            (0, 0, 0),
            (Name(Initialiser), (ushort)(InitialiserIsDefined ? 7 : 0), 18),
            (Name(Harmless), 0, 4),
        ];
        if (OtherSymbolOfVersion is not null)
        {
            symbols.Add((Name(OtherSymbolOfVersion), 0, 18));
        }

        symbols.Add((Name("THSTensor_new"), 7, 1));
        uint versionFile = Name(VersionFile);
        uint version = Name(Version);
        uint baseVersion = Name("CXXABI_1.3");

        byte[] file = new byte[4096];
        int at = 64 + (2 * 56);
        SymbolsOffset = at;
        foreach ((uint name, ushort section, _) in symbols)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), name);
            file[at + 4] = 0x12;
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at + 6), section);
            at += 24;
        }

        VersionOffset = at;
        foreach ((_, _, ushort index) in symbols)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), index);
            at += 2;
        }

        NeedsOffset = at = (at + 7) & ~7;
        Write16(file, at, 1, 2);
        Write32(file, at + 4, versionFile, 16, 0);
        WriteNeed(file, at + 16, index: 18, version, next: 16);
        WriteNeed(file, at + 32, index: 4, baseVersion, next: 0);
        at += 48;

        int hash = at;
        Write32(file, at, 1, (uint)symbols.Count - 1, 1, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at + 16), ulong.MaxValue);
        Write32(file, at + 24, (uint)symbols.Count - 1, 1);
        at += 32;

        int stringsAt = at;
        strings.ToArray().CopyTo(file, at);
        at = (at + (int)strings.Length + 7) & ~7;

        int dynamic = at;
        foreach ((ulong tag, ulong value) in new (ulong, ulong)[]
        {
            (5, BaseAddress + (ulong)stringsAt), (10, (ulong)strings.Length), (6, BaseAddress + (ulong)SymbolsOffset), (11, 24),
            (0x6ffffff0, BaseAddress + (ulong)VersionOffset), (0x6ffffffe, BaseAddress + (ulong)NeedsOffset), (0x6fffffff, 1),
            (0x6ffffef5, BaseAddress + (ulong)hash), (0, 0),
        })
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), tag);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at + 8), value);
            at += 16;
        }

        WriteHeader(file);
        WriteSegment(file, 64, kind: 1, offset: 0, address: BaseAddress, bytes: (ulong)at);
        WriteSegment(file, 64 + 56, kind: 2, (ulong)dynamic, BaseAddress + (ulong)dynamic, (ulong)(at - dynamic));
        return file[..at];
    }

    private static void WriteHeader(byte[] file)
    {
        "\u007fELF"u8.CopyTo(file);
        file[4] = 2;
        file[5] = 1;
        file[6] = 1;
        Write16(file, 16, 3, 62);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), 64);
        Write16(file, 52, 64, 56, 2);
    }

    private static void WriteSegment(byte[] file, int at, uint kind, ulong offset, ulong address, ulong bytes)
    {
        Write32(file, at, kind, 4);
        foreach (ulong value in new[] { offset, address, address, bytes, bytes })
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at + 8), value);
            at += 8;
        }
    }

    private static void WriteNeed(byte[] file, int at, ushort index, uint name, uint next)
    {
        Write16(file, at + 4, 0, index);
        Write32(file, at + 8, name, next);
    }

    private static void Write16(byte[] file, int at, params ushort[] values)
    {
        foreach (ushort value in values)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
            at += 2;
        }
    }

    private static void Write32(byte[] file, int at, params uint[] values)
    {
        foreach (uint value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
            at += 4;
        }
    }
}
