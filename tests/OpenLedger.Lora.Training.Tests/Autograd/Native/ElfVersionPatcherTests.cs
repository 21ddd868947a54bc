using System.Buffers.Binary;
using OpenLedger.Lora.Training.Autograd;

namespace OpenLedger.Lora.Training.Tests.Autograd.Native;

public sealed class ElfVersionPatcherTests
{
    [Theory]
    [InlineData(0UL)]
    [InlineData(0x1000UL)]
    [InlineData(0x7fff_0000_0000UL)]
    public void Adjust_TheKnownSituation_ChangesOnlyTheThreeFields(ulong baseAddress)
    {
        ElfLibraryBuilder builder = new() { BaseAddress = baseAddress };
        byte[] shipped = builder.Build();

        byte[] adjusted = ElfVersionPatcher.Adjust(shipped);

        byte[] expected = [.. shipped];
        int initialiser = builder.SymbolsOffset + 24;
        int harmless = builder.SymbolsOffset + 48;
        shipped.AsSpan(harmless, 4).CopyTo(expected.AsSpan(initialiser));
        BinaryPrimitives.WriteUInt16LittleEndian(expected.AsSpan(builder.VersionOffset + 2), 4);
        BinaryPrimitives.WriteUInt16LittleEndian(expected.AsSpan(builder.NeedsOffset + 16 + 4), 2);
        Assert.Equal(expected, adjusted);
        Assert.NotEqual(shipped, adjusted);
    }

    [Fact]
    public void Adjust_Twice_IsTheSameAsOnce()
    {
        byte[] once = ElfVersionPatcher.Adjust(new ElfLibraryBuilder().Build());

        Assert.Equal(once, ElfVersionPatcher.Adjust(once));
    }

    [Fact]
    public void Adjust_InputBuffer_IsLeftAlone()
    {
        byte[] shipped = new ElfLibraryBuilder().Build();
        byte[] before = [.. shipped];

        ElfVersionPatcher.Adjust(shipped);

        Assert.Equal(before, shipped);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "other", "for '_ZNSt6vectorIiE4growEv' too" },
        { "initialiser", "for '_ZSt9something' too" },
        { "defined", "for '_ZSt21ios_base_library_initv' too" },
        { "twice", "lists '_ZSt21ios_base_library_initv' twice" },
        { "harmless", "does not import '__cxa_end_catch'" },
        { "version", "does not need the version GLIBCXX_3.4.32" },
        { "file", "from 'libm.so.6' instead of libstdc++.so.6" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Adjust_AnotherSituation_IsRefusedByName(string situation, string reason)
    {
        ElfLibraryBuilder builder = situation switch
        {
            "other" => new() { OtherSymbolOfVersion = "_ZNSt6vectorIiE4growEv" },
            "initialiser" => new() { Initialiser = "_ZSt9something" },
            "defined" => new() { InitialiserIsDefined = true },
            "twice" => new() { OtherSymbolOfVersion = "_ZSt21ios_base_library_initv" },
            "harmless" => new() { Harmless = "__cxa_end_cleanup" },
            "version" => new() { Version = "GLIBCXX_3.4.33" },
            "file" => new() { VersionFile = "libm.so.6" },
            _ => throw new ArgumentOutOfRangeException(nameof(situation), situation, "unknown situation"),
        };

        TorchRuntimeException exception = Assert.Throws<TorchRuntimeException>(() => ElfVersionPatcher.Adjust(builder.Build()));

        Assert.Equal(TorchRuntimeError.LibraryNotAdjustable, exception.Error);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adjust_EveryTruncation_IsRefused()
    {
        byte[] shipped = new ElfLibraryBuilder().Build();
        for (int length = 0; length < shipped.Length; length++)
        {
            byte[] truncated = shipped[..length];
            TorchRuntimeException exception = Assert.Throws<TorchRuntimeException>(() => ElfVersionPatcher.Adjust(truncated));
            Assert.Equal(TorchRuntimeError.LibraryNotAdjustable, exception.Error);
        }
    }

    [Fact]
    public void Adjust_EverySingleByteForged_IsRefusedOrStaysInShape()
    {
        byte[] shipped = new ElfLibraryBuilder().Build();
        int accepted = 0;
        for (int at = 0; at < shipped.Length; at++)
        {
            foreach (byte forged in new byte[] { 0x00, 0x01, 0x7f, 0x80, 0xff })
            {
                byte[] input = [.. shipped];
                input[at] = forged;
                accepted += IsRefusedOrInShape(input) ? 1 : 0;
            }
        }

        // Both outcomes must really occur, or the walk proves nothing.
        Assert.InRange(accepted, 1, (shipped.Length * 5) - 1);
    }

    [Fact]
    public void Adjust_ManyRandomBytesForged_IsRefusedOrStaysInShape()
    {
        byte[] shipped = new ElfLibraryBuilder().Build();
        Random random = new(20_231);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] input = [.. shipped];
            for (int flips = random.Next(1, 12); flips > 0; flips--)
            {
                input[random.Next(input.Length)] = (byte)random.Next(256);
            }

            IsRefusedOrInShape(input[..random.Next(random.Next(2) == 0 ? 0 : input.Length, input.Length + 1)]);
        }
    }

    [Fact]
    public void Adjust_TheRealLibrary_ChangesAtMostTenBytesAndNothingElse()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        byte[] shipped = File.ReadAllBytes(path);

        byte[] adjusted = ElfVersionPatcher.Adjust(shipped);

        Assert.Equal(shipped.Length, adjusted.Length);
        int[] changed = [.. Enumerable.Range(0, shipped.Length).Where(i => shipped[i] != adjusted[i])];
        Assert.InRange(changed.Length, 3, 8);
        Assert.Equal(adjusted, ElfVersionPatcher.Adjust(adjusted));
    }

    [Fact]
    public void Adjust_RealLibraryWithASecondUserOfTheVersion_IsRefused()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        byte[] library = File.ReadAllBytes(path);
        ElfDynamicImage image = ElfDynamicImage.Parse(library);
        ushort index = image.FindVersionNeed("GLIBCXX_3.4.32")!.Index;
        int harmless = Enumerable.Range(1, image.SymbolCount - 1).First(symbol => image.HasName(symbol, "__cxa_throw"));
        BinaryPrimitives.WriteUInt16LittleEndian(library.AsSpan(image.VersionOffset(harmless)), index);

        TorchRuntimeException exception = Assert.Throws<TorchRuntimeException>(() => ElfVersionPatcher.Adjust(library));

        Assert.Contains("'__cxa_throw'", exception.Message, StringComparison.Ordinal);
    }

    private static bool IsRefusedOrInShape(byte[] input)
    {
        try
        {
            byte[] adjusted = ElfVersionPatcher.Adjust(input);
            Assert.Equal(input.Length, adjusted.Length);
            return true;
        }
        catch (TorchRuntimeException exception)
        {
            Assert.Equal(TorchRuntimeError.LibraryNotAdjustable, exception.Error);
            return false;
        }
    }
}
