using System.Numerics;

namespace OpenLedger.Lora.Quantization;

/// <summary>How <see cref="FourBitMatrix"/> quantises.</summary>
public sealed record FourBitOptions
{
    /// <summary>Which sixteen values.</summary>
    /// <value><see cref="FourBitType.Nf4"/>.</value>
    public FourBitType Type { get; init; } = FourBitType.Nf4;

    /// <summary>How many consecutive values share a scale.</summary>
    /// <value>64; a power of two from 32 to 4096.</value>
    public int BlockSize { get; init; } = 64;

    /// <summary>
    /// Whether the scales themselves are kept in eight bits: at blocks of 64 about 4.13 bits per value instead of 4.5. As the method is defined,
    /// a small scale among much larger ones can come back as zero or slightly negative.
    /// </summary>
    /// <value><see langword="true"/>.</value>
    public bool IsDoubleQuantized { get; init; } = true;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (!Enum.IsDefined(Type))
        {
            faults.Add($"{nameof(Type)} is {(int)Type}; use a member of {nameof(FourBitType)}.");
        }

        if (BlockSize is < 32 or > 4096 || !BitOperations.IsPow2(BlockSize))
        {
            faults.Add($"{nameof(BlockSize)} is {BlockSize}; it must be a power of two from 32 to 4096.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
