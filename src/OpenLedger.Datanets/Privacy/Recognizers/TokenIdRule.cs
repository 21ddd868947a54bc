namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Whether the characters of a token, in capitals, can be such an id.</summary>
internal delegate bool TokenCheck(ReadOnlySpan<char> token);

/// <summary>An id of letters and digits: <c>A</c> a letter, <c>9</c> a digit, <c>*</c> either, anything else itself.</summary>
internal sealed class TokenIdRule
{
    public required PersonalDataEntity Entity { get; init; }

    public required string[] Shapes { get; init; }

    public required TokenCheck Check { get; init; }

    public required string Evidence { get; init; }

    public required ContextWords Context { get; init; }

    /// <summary>Score without context when written in capitals; small letters need context.</summary>
    public required double Alone { get; init; }

    public double Supported { get; init; } = 1.0;
}
