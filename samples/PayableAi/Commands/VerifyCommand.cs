using OpenLedger.Chain.Verification;
using PayableAi.Input;

namespace PayableAi.Commands;

/// <summary>Checks the exported files of an earlier run: no database, no key, no model.</summary>
internal static class VerifyCommand
{
    public static int Run(RunOptions options)
    {
        string folder = new SampleFolder(options.Out).Settlement;
        if (!Directory.Exists(folder))
        {
            throw new BadInputException($"{folder}: does not exist; run the sample with --out {options.Out} first");
        }

        VerificationReport report = SettlementVerifier.Verify(folder);
        foreach (VerificationCheck check in report.Checks.Where(check => !options.Quiet || !check.Passed))
        {
            Console.WriteLine($"  {(check.Passed ? "ok    " : "FAILED")}  {check.Name}{(check.Reason is { } reason ? $": {reason}" : "")}");
        }

        Console.WriteLine($"{folder}: {report.Checks.Count(c => c.Passed)} of {report.Checks.Count} checks passed");
        return report.Passed ? 0 : 1;
    }
}
