using System.Globalization;

namespace OpenLedger.Benchmarks.Bars;

/// <summary>A quantity that was measured several times, and the bound its median must keep.</summary>
internal sealed class Bar(string name, string unit, IEnumerable<double> values)
{
    private readonly double[] _values = [.. values.Order()];

    /// <summary>Least value, or <see langword="null"/>.</summary>
    public double? AtLeast { get; init; }

    /// <summary>Greatest value, or <see langword="null"/>; with neither bound the line only informs.</summary>
    public double? AtMost { get; init; }

    public double Median => (_values[(_values.Length - 1) / 2] + _values[_values.Length / 2]) / 2;

    public bool IsMissed => Median < AtLeast || Median > AtMost;

    public override string ToString()
    {
        string bound = AtLeast is not null ? $">= {Number(AtLeast.Value)}" : AtMost is not null ? $"<= {Number(AtMost.Value)}" : "";
        string verdict = bound.Length == 0 ? "" : IsMissed ? "MISS" : "PASS";
        return $"| {name} ({unit}) | {Number(Median)} | {Number(_values[0])} | {Number(_values[^1])} | {bound} | {verdict} |";
    }

    private static string Number(double value) => value.ToString(value < 10 ? "F2" : value < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);
}
