using System.Buffers;
using System.Globalization;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Datanets.Ingest;

/// <summary>Lines on their way from the reading to a working thread, then their records on the way back.</summary>
internal sealed class IngestBatch(string sourceName, RecordIngestOptions options)
{
    private const int LargestFirstBuffer = 1 << 20;

    private readonly List<LinePlace> _lines = [];
    private byte[] _bytes = []; // from the pool: fresh ones of this size would each cost a full collection in the end
    private int _length;

    /// <summary>Whether the next line belongs to another batch.</summary>
    public bool IsFull => _length >= options.BatchBytes;

    public bool IsEmpty => _lines.Count == 0;

    /// <summary>The records of the lines, up to the first at fault.</summary>
    public List<IngestedRecord> Records { get; } = [];

    /// <summary>What ends the walk after <see cref="Records"/>: a fault of reading, or of the first line that is no record.</summary>
    public DatanetException? Fault { get; set; }

    public void Add(LinePlace place, ReadOnlySpan<byte> line)
    {
        if (_bytes.Length - _length < line.Length)
        {
            int needed = Math.Max(checked(_length + line.Length), Math.Min(options.BatchBytes, LargestFirstBuffer));
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(2 * _bytes.Length, LargestFirstBuffer)));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ReturnBuffer();
            _bytes = larger;
        }

        line.CopyTo(_bytes.AsSpan(_length));
        _lines.Add(place with { Offset = _length });
        _length += line.Length;
    }

    public IngestBatch Process(CancellationToken cancellationToken)
    {
        foreach (LinePlace place in _lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Records.Add(Read(place));
            }
            catch (DatanetException exception)
            {
                Fault = exception; // an earlier line than the one at which reading may have failed
                break;
            }
        }

        ReturnBuffer();
        return this;
    }

    private void ReturnBuffer()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
    }

    private IngestedRecord Read(LinePlace place)
    {
        ReadOnlySpan<byte> line = _bytes.AsSpan(place.Offset, place.Length);
        string position = string.Create(CultureInfo.InvariantCulture, $"{sourceName}:{place.LineNumber}");
        bool isPlain = options.Lines.MaxDepth == CanonicalJson.MaxDepth; // the fast path knows no smaller limit
        if (!isPlain || !DatanetRecord.TryParse(line, position, out DatanetRecord? record))
        {
            record = ReadSlowly(line, position, place);
        }

        IReadOnlyList<SchemaFault> faults = options.Schema?.Validate(record.Element) ?? [];
        return new IngestedRecord(record, NormalizedDigest.Of(record), faults, place.LineNumber, place.BytePosition);
    }

    /// <summary>The way over an element, which accepts what is rare and says what is wrong.</summary>
    private DatanetRecord ReadSlowly(ReadOnlySpan<byte> line, string position, LinePlace place)
    {
        JsonLine parsed = JsonLinesReader.ParseLine(line, sourceName, place.LineNumber, place.BytePosition, options.Lines);
        try
        {
            return DatanetRecord.FromElement(parsed.Value, position);
        }
        catch (DatanetException exception)
        {
            throw new DatanetException(exception.Error, exception.Message, exception)
            {
                LineNumber = place.LineNumber,
                BytePosition = place.BytePosition,
            };
        }
    }
}
