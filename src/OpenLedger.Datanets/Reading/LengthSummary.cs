namespace OpenLedger.Datanets.Reading;

/// <summary>How a length is distributed over records.</summary>
/// <param name="Count">How many lengths were measured.</param>
/// <param name="Total">Their sum.</param>
/// <param name="Minimum">The smallest.</param>
/// <param name="Median">The middle one, the lower of the two middle ones for an even count.</param>
/// <param name="Percentile95">The smallest length that at least 95 of 100 do not exceed.</param>
/// <param name="Maximum">The largest.</param>
public sealed record LengthSummary(long Count, long Total, int Minimum, int Median, int Percentile95, int Maximum)
{
    /// <summary>The arithmetic mean, 0 when nothing was measured.</summary>
    public double Mean => Count == 0 ? 0 : (double)Total / Count;

    internal static LengthSummary Of(List<int> lengths)
    {
        if (lengths.Count == 0)
        {
            return new LengthSummary(0, 0, 0, 0, 0, 0);
        }

        lengths.Sort();
        int At(long percent) => lengths[(int)((((lengths.Count * percent) + 99) / 100) - 1)];
        return new LengthSummary(lengths.Count, lengths.Sum(length => (long)length), lengths[0], At(50), At(95), lengths[^1]);
    }
}
