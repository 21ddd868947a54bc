using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Schemas;

/// <summary>A number within bounds; like all numbers of canonical JSON it is an IEEE 754 double.</summary>
public sealed class NumberField : FieldType
{
    /// <summary>Creates the type.</summary>
    /// <param name="minimum">Least value; finite.</param>
    /// <param name="maximum">Greatest value; finite, at least <paramref name="minimum"/>.</param>
    /// <param name="isInteger">Whether fractions are refused.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not finite, or they are the wrong way round.</exception>
    public NumberField(double minimum, double maximum, bool isInteger)
    {
        if (!double.IsFinite(minimum))
        {
            throw new ArgumentOutOfRangeException(nameof(minimum), minimum, "Must be finite; use double.MinValue for no bound.");
        }

        if (!double.IsFinite(maximum) || maximum < minimum)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maximum), maximum, FormattableString.Invariant($"Must be finite and at least the minimum {minimum}; use double.MaxValue for no bound."));
        }

        Minimum = minimum;
        Maximum = maximum;
        IsInteger = isInteger;
    }

    /// <summary>Least value.</summary>
    public double Minimum { get; }

    /// <summary>Greatest value.</summary>
    public double Maximum { get; }

    /// <summary>Whether fractions are refused.</summary>
    public bool IsInteger { get; }

    internal override string Kind => "number";

    internal override void Describe(JsonObject document)
    {
        document["minimum"] = Minimum;
        document["maximum"] = Maximum;
        document["integer"] = IsInteger;
    }

    internal override void Validate(JsonElement value, string path, FaultList faults)
    {
        string range = string.Create(
            CultureInfo.InvariantCulture, $"{(IsInteger ? "an integer" : "a number")} from {Minimum} to {Maximum}");
        if (value.ValueKind != JsonValueKind.Number)
        {
            faults.Add(SchemaFaultCode.WrongType, path, value, range);
            return;
        }

        double number = value.GetDouble();
        if (number < Minimum)
        {
            faults.Add(SchemaFaultCode.NumberTooSmall, path, value, range);
        }
        else if (number > Maximum)
        {
            faults.Add(SchemaFaultCode.NumberTooLarge, path, value, range);
        }

        if (IsInteger && number != Math.Truncate(number))
        {
            faults.Add(SchemaFaultCode.NotAnInteger, path, value, range);
        }
    }
}
