using System.Buffers.Binary;
using System.Text;

namespace OpenLedger.Lora.Tokenization.Normalization;

/// <summary>
/// The compiled replacement rules of SentencePiece (<c>precompiled_charsmap</c>): the length of a double array in the layout of
/// Darts-clone, the double array, and the replacements as NUL-terminated UTF-8.
/// </summary>
internal sealed class CharacterMap
{
    private const uint LeafBit = 1u << 31;

    private readonly uint[] _units;
    private readonly byte[] _replacements;

    private CharacterMap(uint[] units, byte[] replacements)
    {
        _units = units;
        _replacements = replacements;
    }

    /// <summary>Reads and checks a map: every place that a search can reach lies inside it.</summary>
    /// <exception cref="FormatException">It is malformed; the message says where.</exception>
    public static CharacterMap Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(uint))
        {
            throw new FormatException($"it has {bytes.Length} bytes and no length");
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (size == 0 || size % sizeof(uint) != 0 || size > (uint)bytes.Length - sizeof(uint))
        {
            throw new FormatException($"its double array of {size} bytes does not fit into {bytes.Length - sizeof(uint)}");
        }

        var units = new uint[size / sizeof(uint)];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[((i + 1) * sizeof(uint))..]);
        }

        byte[] replacements = bytes[(int)(size + sizeof(uint))..].ToArray();
        if (replacements.Length == 0 || replacements[^1] != 0 || !System.Text.Unicode.Utf8.IsValid(replacements))
        {
            throw new FormatException("its replacements are not NUL-terminated UTF-8");
        }

        var map = new CharacterMap(units, replacements);
        map.Check();
        return map;
    }

    /// <summary>Finds the longest key that <paramref name="text"/> begins with.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="shortest">Whether the shortest key is wanted instead.</param>
    /// <param name="length">The length of the key in bytes.</param>
    /// <param name="replacement">What stands for it, in UTF-8.</param>
    public bool TryFind(ReadOnlySpan<byte> text, bool shortest, out int length, out ReadOnlySpan<byte> replacement)
    {
        length = 0;
        uint value = 0;
        uint at = Offset(_units[0]);
        for (int i = 0; i < text.Length; i++)
        {
            at ^= text[i];
            uint unit = at < _units.Length ? _units[at] : LeafBit;
            if ((unit & (LeafBit | 0xFF)) != text[i])
            {
                break;
            }

            at ^= Offset(unit);
            if (HasLeaf(unit))
            {
                value = _units[at] & ~LeafBit;
                length = i + 1;
                if (shortest)
                {
                    break;
                }
            }
        }

        replacement = default;
        if (length > 0)
        {
            ReadOnlySpan<byte> rest = _replacements.AsSpan((int)value);
            replacement = rest[..rest.IndexOf((byte)0)];
        }

        return length > 0;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & (1u << 9)) >> 6);

    private static bool HasLeaf(uint unit) => ((unit >> 8) & 1) == 1;

    /// <summary>Walks everything that a search can reach; each place is expanded once, so that a cycle ends too.</summary>
    private void Check()
    {
        var seen = new bool[_units.Length];
        var pending = new Stack<uint>();
        pending.Push(Offset(_units[0]));
        while (pending.TryPop(out uint node))
        {
            for (uint label = 1; label < 256; label++)
            {
                uint at = node ^ label;
                if (at >= _units.Length || (_units[at] & (LeafBit | 0xFF)) != label || seen[at])
                {
                    continue;
                }

                seen[at] = true;
                uint child = at ^ Offset(_units[at]);
                if (HasLeaf(_units[at]) && (child >= _units.Length || (_units[child] & ~LeafBit) >= _replacements.Length
                    || (_replacements[_units[child] & ~LeafBit] & 0xC0) == 0x80))
                {
                    throw new FormatException($"its entry {at} points outside the replacements");
                }

                pending.Push(child);
            }
        }
    }
}
