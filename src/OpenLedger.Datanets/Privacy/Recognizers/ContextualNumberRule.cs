namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>A number or token without a check that only the words before it identify.</summary>
internal sealed class ContextualNumberRule
{
    public required PersonalDataEntity Entity { get; init; }

    public required ContextWords Context { get; init; }

    /// <summary>Fewest digits.</summary>
    public required int MinDigits { get; init; }

    /// <summary>Most characters.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Most letters; 0 for plain numbers.</summary>
    public int MaxLetters { get; init; }

    /// <summary>Whether digit groups with single spaces, dots or hyphens are joined.</summary>
    public bool JoinsGroups { get; init; }

    public double Supported { get; init; } = 0.75;
}
