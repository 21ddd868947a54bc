using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Datanets.Ingest;

/// <summary>A record that was read from a file, with all that can be known about it before it meets a store.</summary>
/// <remarks>Immutable; safe for concurrent use.</remarks>
public sealed class IngestedRecord
{
    internal IngestedRecord(
        DatanetRecord record, Sha256Digest normalizedDigest, IReadOnlyList<SchemaFault> faults, long lineNumber, long bytePosition)
    {
        Record = record;
        NormalizedDigest = normalizedDigest;
        Faults = faults;
        LineNumber = lineNumber;
        BytePosition = bytePosition;
    }

    /// <summary>The record; its source position names file and line.</summary>
    public DatanetRecord Record { get; }

    /// <summary>The key under which spellings of one record meet; see <see cref="Deduplication.NormalizedDigest"/>.</summary>
    public Sha256Digest NormalizedDigest { get; }

    /// <summary>What the schema finds wrong with the record; empty when it fits, and when no schema was given.</summary>
    public IReadOnlyList<SchemaFault> Faults { get; }

    /// <summary>1-based line of the file; blank lines count.</summary>
    public long LineNumber { get; }

    /// <summary>0-based byte of the file at which the line begins.</summary>
    public long BytePosition { get; }
}
