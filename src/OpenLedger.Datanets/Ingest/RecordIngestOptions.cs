using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Datanets.Ingest;

/// <summary>How <see cref="RecordIngest"/> reads.</summary>
public sealed record RecordIngestOptions
{
    /// <summary>What the records must look like; faults are reported with the record and end nothing.</summary>
    /// <value><see langword="null"/>: every object is in order.</value>
    public DatanetSchema? Schema { get; init; }

    /// <summary>The limits of lines and files.</summary>
    /// <value>The defaults of <see cref="JsonLinesOptions"/>.</value>
    public JsonLinesOptions Lines { get; init; } = new();

    /// <summary>How many records are worked on at a time; no result depends on it.</summary>
    /// <value>The number of processors; 1 to 256.</value>
    public int MaxThreads { get; init; } = Math.Min(Environment.ProcessorCount, 256);

    /// <summary>How many bytes of lines are handed to a thread at once.</summary>
    /// <value>128 KiB; 1 byte to 64 MiB. A longer line is handed over alone.</value>
    public int BatchBytes { get; init; } = 128 << 10;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (MaxThreads is < 1 or > 256)
        {
            faults.Add($"{nameof(MaxThreads)} is {MaxThreads}; it must be from 1 to 256.");
        }

        if (BatchBytes is < 1 or > 64 << 20)
        {
            faults.Add($"{nameof(BatchBytes)} is {BatchBytes}; it must be from 1 to {64 << 20}.");
        }

        if (Lines is null)
        {
            faults.Add($"{nameof(Lines)} is null; leave it out for the defaults.");
        }
        else
        {
            try
            {
                Lines.Validate();
            }
            catch (ArgumentException exception)
            {
                faults.Add(exception.Message);
            }
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
