namespace OpenLedger.Datanets.Pdf;

/// <summary>How much the streams of one document may still unpack to.</summary>
internal sealed class UnpackBudget(string fileName, int maxPartBytes)
{
    /// <summary>Streams that are used again are unpacked again; a document of real life stays far below this many times the limit of one.</summary>
    private const int MaxParts = 8;

    private long _left = (long)maxPartBytes * MaxParts;

    public int MaxPartBytes => maxPartBytes;

    /// <summary>Why the document is refused, once it is.</summary>
    public DatanetException? Fault { get; private set; }

    public void Spend(long bytes)
    {
        _left -= bytes;
        if (bytes > maxPartBytes || _left < 0)
        {
            Fault ??= new DatanetException(DatanetError.LimitExceeded, $"{fileName}: the document unpacks beyond MaxPartBytes = {maxPartBytes}.");
        }

        if (Fault is not null)
        {
            throw Fault;
        }
    }
}
