using System.Buffers.Binary;

namespace OpenLedger.Lora.Training.Autograd;

/// <summary>
/// Takes one symbol version demand out of an ELF shared library: a pure function from bytes to bytes of the same length.
/// It is not a general ELF editor: it knows one situation and refuses everything else.
/// </summary>
/// <remarks>
/// The situation: <c>GLIBCXX_3.4.32</c> is needed for the symbol <c>_ZSt21ios_base_library_initv</c> alone. GCC 13 calls that function from the static
/// initialisers of every translation unit that includes <c>&lt;iostream&gt;</c>, to initialise the standard streams; older libraries do so by themselves when
/// they are loaded. Two edits follow (System V gABI, and the symbol versioning chapter of the Linux Standard Base):
/// <list type="number">
/// <item>the version record in <c>.gnu.version_r</c> is marked weak, so that its absence is no error;</item>
/// <item>the symbol becomes a second reference to <c>__cxa_end_catch</c>, which the library imports anyway and which returns at once when no exception is
/// in flight: its name and version index are copied, so that the call in the initialisers stays a legal call of a function without arguments.</item>
/// </list>
/// The input is treated as hostile: every offset is checked, every walk is bounded.
/// </remarks>
internal static class ElfVersionPatcher
{
    /// <summary>The library between TorchSharp and libtorch, named in every refusal.</summary>
    public const string BridgeLibrary = "libLibTorchSharp.so";

    /// <summary>The symbol version of GCC 13's libstdc++ that TorchSharp 0.107.0 insists on.</summary>
    public const string MissingVersion = "GLIBCXX_3.4.32";

    public const string InitialiserSymbol = "_ZSt21ios_base_library_initv";
    public const string HarmlessSymbol = "__cxa_end_catch";

    private const ushort VersionIndexMask = 0x7fff;
    private const ushort WeakVersion = 0x2;

    /// <summary>Returns an adjusted copy of <paramref name="library"/>, or an equal one when nothing is left to adjust.</summary>
    /// <exception cref="TorchRuntimeException">
    /// <see cref="TorchRuntimeError.LibraryNotAdjustable"/>: not an ELF library of the expected shape, or the version is needed for other symbols too.
    /// </exception>
    public static byte[] Adjust(ReadOnlySpan<byte> library)
    {
        byte[] adjusted = library.ToArray();
        ElfDynamicImage image = ElfDynamicImage.Parse(adjusted);
        ElfVersionNeed need = image.FindVersionNeed(MissingVersion)
            ?? throw ElfDynamicImage.Refuse($"it does not need the version {MissingVersion}");
        if (need.File != "libstdc++.so.6")
        {
            throw ElfDynamicImage.Refuse($"it needs {need.Name} from '{need.File}' instead of libstdc++.so.6");
        }

        int? initialiser = FindOnlyUser(image, need);
        if (initialiser is int symbol)
        {
            RedirectToHarmless(adjusted, image, symbol);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(adjusted.AsSpan(need.FlagsOffset), (ushort)(need.Flags | WeakVersion));
        return adjusted;
    }

    /// <summary>The one symbol of the version; <see langword="null"/> when none is left, as in a library that was adjusted before.</summary>
    private static int? FindOnlyUser(ElfDynamicImage image, ElfVersionNeed need)
    {
        int? only = null;
        for (int symbol = 1; symbol < image.SymbolCount; symbol++)
        {
            if ((image.VersionIndex(symbol) & VersionIndexMask) != (need.Index & VersionIndexMask))
            {
                continue;
            }

            if (image.IsDefined(symbol) || !image.HasName(symbol, InitialiserSymbol))
            {
                throw ElfDynamicImage.Refuse($"it needs {need.Name} for '{image.SymbolName(symbol)}' too, which cannot be left out");
            }

            only = only is null ? symbol : throw ElfDynamicImage.Refuse($"it lists '{InitialiserSymbol}' twice");
        }

        return only;
    }

    private static void RedirectToHarmless(byte[] adjusted, ElfDynamicImage image, int initialiser)
    {
        for (int symbol = 1; symbol < image.SymbolCount; symbol++)
        {
            if (!image.IsDefined(symbol) && image.HasName(symbol, HarmlessSymbol))
            {
                image.SymbolNameField(symbol).CopyTo(adjusted.AsSpan(image.SymbolOffset(initialiser)));
                BinaryPrimitives.WriteUInt16LittleEndian(adjusted.AsSpan(image.VersionOffset(initialiser)), image.VersionIndex(symbol));
                return;
            }
        }

        throw ElfDynamicImage.Refuse($"it does not import '{HarmlessSymbol}', which is needed as the harmless stand-in");
    }
}
