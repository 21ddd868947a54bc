using System.Buffers.Binary;

namespace OpenLedger.Lora.Tests.Gguf;

/// <summary>Damages bytes for the fuzz tests: flips, interesting numbers, cuts, insertions, removals and splices, from a seed.</summary>
internal sealed class ByteMutator
{
    private static readonly ulong[] Interesting =
    [
        0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 127, 128, 255, 256, 65_535, 65_536, int.MaxValue, 1ul << 31, uint.MaxValue, 1ul << 32, 1ul << 40,
        1ul << 62, long.MaxValue, 1ul << 63, ulong.MaxValue,
    ];

    public ByteMutator(int seed) => Random = new Random(seed);

    public Random Random { get; }

    /// <summary>Flips one to three bytes of a range in place.</summary>
    public void Flip(Span<byte> range)
    {
        for (int i = Random.Next(1, 4); i > 0 && range.Length > 0; i--)
        {
            range[Random.Next(range.Length)] ^= (byte)Random.Next(1, 256);
        }
    }

    /// <summary>One damage of a random kind; <paramref name="other"/> gives the bytes of a splice.</summary>
    public byte[] Mutate(byte[] valid, int headLength, byte[] other)
    {
        byte[] bytes = [.. valid];
        switch (Random.Next(7))
        {
            case 0:
                Flip(bytes);
                return bytes;
            case 1:
                Flip(bytes.AsSpan(0, headLength));
                return bytes;
            case 2:
                ulong number = Interesting[Random.Next(Interesting.Length)];
                Span<byte> encoded = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(encoded, number);
                int width = Random.Next(2) == 0 ? 4 : 8;
                int at = Random.Next(Math.Max(1, headLength - width));
                encoded[..Math.Min(width, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
                return bytes;
            case 3:
                return bytes[..Random.Next(bytes.Length + 1)];
            case 4:
                int place = Random.Next(bytes.Length);
                byte[] inserted = new byte[Random.Next(1, 40)];
                Random.NextBytes(inserted);
                return [.. bytes[..place], .. inserted, .. bytes[place..]];
            case 5:
                int start = Random.Next(bytes.Length);
                return [.. bytes[..start], .. bytes[Math.Min(bytes.Length, start + Random.Next(1, 40))..]];
            default:
                int from = Random.Next(other.Length);
                int length = Math.Min(Random.Next(1, 64), other.Length - from);
                int to = Random.Next(bytes.Length);
                return [.. bytes[..to], .. other.AsSpan(from, length), .. bytes[Math.Min(bytes.Length, to + length)..]];
        }
    }
}
