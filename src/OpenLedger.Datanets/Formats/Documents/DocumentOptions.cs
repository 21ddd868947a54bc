namespace OpenLedger.Datanets.Formats;

/// <summary>How documents are cut into rows, and their limits.</summary>
public sealed record DocumentOptions
{
    /// <summary>Longest text of one row in characters (UTF-16 units); longer sections are cut between paragraphs, sentences or words.</summary>
    /// <value>2,000; 100 to 200,000.</value>
    public int MaxChunkLength { get; init; } = 2000;

    /// <summary>How much of a row's end, cut at a word, the next row of the same section repeats, in characters.</summary>
    /// <value>0; 0 to half of <see cref="MaxChunkLength"/>.</value>
    public int OverlapLength { get; init; }

    /// <summary>Longest file in bytes; a document is read as a whole.</summary>
    /// <value>64 MiB; 1 byte to 1 GiB.</value>
    public int MaxFileBytes { get; init; } = 64 << 20;

    /// <summary>Most bytes that one part of a compressed document may unpack to.</summary>
    /// <value>64 MiB; 1 byte to 1 GiB.</value>
    public int MaxPartBytes { get; init; } = 64 << 20;

    /// <summary>Most times its packed size that a part of more than 1 MiB may unpack to.</summary>
    /// <value>200; 10 to 10,000.</value>
    public int MaxCompressionRatio { get; init; } = 200;

    /// <summary>Most parts inside a compressed document.</summary>
    /// <value>4,096; 1 to 65,535.</value>
    public int MaxParts { get; init; } = 4096;

    /// <summary>Most pages of a document that has pages.</summary>
    /// <value>5,000; 1 to 100,000.</value>
    public int MaxPages { get; init; } = 5000;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        RowFault.CheckLimit(faults, nameof(MaxChunkLength), MaxChunkLength, 100, 200_000);
        RowFault.CheckLimit(faults, nameof(OverlapLength), OverlapLength, 0, Math.Max(0, MaxChunkLength / 2));
        RowFault.CheckLimit(faults, nameof(MaxFileBytes), MaxFileBytes, 1, 1 << 30);
        RowFault.CheckLimit(faults, nameof(MaxPartBytes), MaxPartBytes, 1, 1 << 30);
        RowFault.CheckLimit(faults, nameof(MaxCompressionRatio), MaxCompressionRatio, 10, 10_000);
        RowFault.CheckLimit(faults, nameof(MaxParts), MaxParts, 1, 65_535);
        RowFault.CheckLimit(faults, nameof(MaxPages), MaxPages, 1, 100_000);
        RowFault.ThrowIfAny(faults);
    }
}
