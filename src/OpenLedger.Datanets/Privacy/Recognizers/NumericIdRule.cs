namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Whether the digits of a number can be such a number.</summary>
internal delegate bool DigitCheck(ReadOnlySpan<byte> digits);

/// <summary>A number of fixed length: how it is written, how it is checked, and what it is worth with and without context.</summary>
internal sealed class NumericIdRule
{
    public required PersonalDataEntity Entity { get; init; }

    public required NumberShape[] Shapes { get; init; }

    public required DigitCheck Check { get; init; }

    /// <summary>What the check is, for <see cref="PersonalDataSpan.Why"/>.</summary>
    public required string Evidence { get; init; }

    public required ContextWords Context { get; init; }

    /// <summary>Score of a bare number without context.</summary>
    public required double Plain { get; init; }

    /// <summary>Score of a number with separators without context.</summary>
    public required double Formatted { get; init; }

    /// <summary>Score with a supporting word near.</summary>
    public double Supported { get; init; } = 1.0;
}
