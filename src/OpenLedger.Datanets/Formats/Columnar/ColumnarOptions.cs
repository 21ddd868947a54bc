namespace OpenLedger.Datanets.Formats;

/// <summary>The limits of <see cref="ParquetRowReader"/> and <see cref="ArrowRowReader"/>.</summary>
/// <remarks>Both formats say in advance how much memory a part will take, so a file that asks for more is refused before anything is allocated.</remarks>
public sealed record ColumnarOptions
{
    /// <summary>Longest file in bytes.</summary>
    /// <value>64 GiB; at least 1 byte.</value>
    public long MaxFileBytes { get; init; } = 64L << 30;

    /// <summary>Longest metadata of one file or message, in bytes.</summary>
    /// <value>16 MiB; 1 KiB to 256 MiB.</value>
    public int MaxMetadataBytes { get; init; } = 16 << 20;

    /// <summary>Most memory that one row group or record batch may take, in bytes; both are decoded as a whole.</summary>
    /// <value>512 MiB; 1 KiB to 16 GiB.</value>
    public long MaxGroupBytes { get; init; } = 512L << 20;

    /// <summary>Most rows of one row group or record batch.</summary>
    /// <value>4,194,304; 1 to 2^30.</value>
    public int MaxGroupRows { get; init; } = 1 << 22;

    /// <summary>Longest row in bytes of JSON.</summary>
    /// <value>1 MiB, the most a record may have; 1 byte to 256 MiB.</value>
    public int MaxRowBytes { get; init; } = 1 << 20;

    /// <summary>What becomes of NaN and the infinities, which JSON does not have.</summary>
    /// <value><see cref="NonFiniteNumbers.Refuse"/>.</value>
    public NonFiniteNumbers NonFinite { get; init; }

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        RowFault.CheckLimit(faults, nameof(MaxFileBytes), MaxFileBytes, 1);
        RowFault.CheckLimit(faults, nameof(MaxMetadataBytes), MaxMetadataBytes, 1 << 10, 256 << 20);
        RowFault.CheckLimit(faults, nameof(MaxGroupBytes), MaxGroupBytes, 1 << 10, 16L << 30);
        RowFault.CheckLimit(faults, nameof(MaxGroupRows), MaxGroupRows, 1, 1 << 30);
        RowFault.CheckLimit(faults, nameof(MaxRowBytes), MaxRowBytes, 1, 256 << 20);
        if (!Enum.IsDefined(NonFinite))
        {
            faults.Add($"{nameof(NonFinite)} must be a named value.");
        }

        RowFault.ThrowIfAny(faults);
    }
}
