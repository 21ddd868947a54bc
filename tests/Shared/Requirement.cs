namespace OpenLedger.Testing;

/// <summary>Turns a missing tool into a skip with a reason, or into a failure where <c>OPENLEDGER_REQUIRE</c> insists on it.</summary>
internal static class Requirement
{
    public static bool IsRequired(string tool) =>
        (Environment.GetEnvironmentVariable("OPENLEDGER_REQUIRE") ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Contains(tool, StringComparer.OrdinalIgnoreCase);

    public static void SkipOrFail(string tool, string reason)
    {
        Assert.False(IsRequired(tool), $"OPENLEDGER_REQUIRE lists '{tool}', but {reason}");
        Assert.Skip(reason);
    }
}
