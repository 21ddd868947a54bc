namespace OpenLedger.Tidy.Tests;

internal static class TidyAssert
{
    public static void None(IEnumerable<string> violations)
    {
        string[] found = [.. violations];
        Assert.True(found.Length == 0, $"{found.Length} violations:\n{string.Join('\n', found)}");
    }

    /// <summary>A rule that a bad example does not break is no rule.</summary>
    public static void One(string expected, IEnumerable<string> violations) =>
        Assert.Contains(expected, Assert.Single(violations), StringComparison.Ordinal);
}
