namespace OpenLedger.Datanets.Publishing;

/// <summary>A file of records that was written.</summary>
internal sealed record PublishedFile(string Name, string Split, long Bytes, long Records, string Sha256);
