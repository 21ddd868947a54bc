using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OpenLedger.Lora.Inference;

/// <summary>Finds values that are NaN or infinite: those whose exponent bits are all ones.</summary>
internal static class FiniteCheck
{
    private const uint SingleExponent = 0x7F80_0000;
    private const ushort BFloat16Exponent = 0x7F80;
    private const ushort HalfExponent = 0x7C00;

    /// <summary>Place of the first value that is not finite, or -1.</summary>
    public static int IndexOfNotFinite(ReadOnlySpan<float> values) => IndexOf(MemoryMarshal.Cast<float, uint>(values), SingleExponent);

    /// <summary>Place of the first bfloat16 that is not finite, or -1.</summary>
    public static int IndexOfNotFinite(ReadOnlySpan<ushort> bFloat16) => IndexOf(bFloat16, BFloat16Exponent);

    /// <summary>Place of the first half that is not finite, or -1.</summary>
    public static int IndexOfNotFinite(ReadOnlySpan<Half> values) => IndexOf(MemoryMarshal.Cast<Half, ushort>(values), HalfExponent);

    /// <summary>Place of the first element whose half-precision scale, at the beginning of its block, is not finite, or -1.</summary>
    public static int IndexOfNotFiniteScale(ReadOnlySpan<byte> blocks, int blockBytes)
    {
        const int BlockLength = 32;
        for (int block = 0; block < blocks.Length / blockBytes; block++)
        {
            if ((BinaryPrimitives.ReadUInt16LittleEndian(blocks[(block * blockBytes)..]) & HalfExponent) == HalfExponent)
            {
                return block * BlockLength;
            }
        }

        return -1;
    }

    private static int IndexOf<T>(ReadOnlySpan<T> bits, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        const int Chunk = 1024;
        int count = Vector<T>.Count;
        int i = 0;

        // Whether a chunk holds one is cheap to know; where is looked up in the rare chunk that does.
        for (; i <= bits.Length - Chunk; i += Chunk)
        {
            Vector<T> mask = Vector.Create(exponent);
            Vector<T> found = Vector<T>.Zero;
            ReadOnlySpan<T> chunk = bits.Slice(i, Chunk);
            for (int j = 0; j < Chunk; j += count)
            {
                found |= Vector.Equals(Vector.Create(chunk.Slice(j, count)) & mask, mask);
            }

            if (found != Vector<T>.Zero)
            {
                break;
            }
        }

        for (; i < bits.Length; i++)
        {
            if ((bits[i] & exponent) == exponent)
            {
                return i;
            }
        }

        return -1;
    }
}
