using System.Buffers;

namespace OpenLedger.Datanets.Validation;

/// <summary>The form of reason codes, rule names and profile names.</summary>
internal static class ReasonCode
{
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Legal = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    public static bool IsLegal(string? code) => code is { Length: > 0 and <= MaxLength } && !code.AsSpan().ContainsAnyExcept(Legal);
}
