namespace OpenLedger.Datanets.Formats;

/// <summary>How a <see cref="ParquetRowWriter"/> writes.</summary>
public sealed record ParquetWriterOptions
{
    /// <summary>How pages are compressed.</summary>
    /// <value><see cref="ParquetCompression.Snappy"/>.</value>
    public ParquetCompression Compression { get; init; } = ParquetCompression.Snappy;

    /// <summary>Most rows of one row group; that many are held in memory.</summary>
    /// <value>10,000; 1 to 1,000,000.</value>
    public int RowGroupRows { get; init; } = 10_000;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (!Enum.IsDefined(Compression))
        {
            faults.Add($"{nameof(Compression)} must be a named value.");
        }

        RowFault.CheckLimit(faults, nameof(RowGroupRows), RowGroupRows, 1, 1_000_000);
        RowFault.ThrowIfAny(faults);
    }
}
