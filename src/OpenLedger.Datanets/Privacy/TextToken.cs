namespace OpenLedger.Datanets.Privacy;

/// <summary>A longest sequence of ASCII letters and digits that holds both.</summary>
internal readonly record struct TextToken(int Start, int Length)
{
    public int End => Start + Length;
}
