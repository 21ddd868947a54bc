namespace OpenLedger.Datanets.Formats;

/// <summary>A line that a <see cref="LineScanner"/> found: where it stands in the file, and for now in the scanner's buffer.</summary>
internal readonly record struct LinePlace(long LineNumber, long BytePosition, int Offset, int Length);
