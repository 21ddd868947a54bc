namespace OpenLedger.Datanets.Privacy;

/// <summary>A longest sequence of ASCII digits.</summary>
internal readonly record struct DigitRun(int Start, int Length)
{
    public int End => Start + Length;
}
