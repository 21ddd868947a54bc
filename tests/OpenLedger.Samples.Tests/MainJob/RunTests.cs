using System.Diagnostics;
using System.Numerics;
using OpenLedger.Testing;
using PayableAi.Reporting;

namespace OpenLedger.Samples.Tests.MainJob;

public class RunTests
{
    [Fact]
    public async Task Run_TwiceWithOneSeed_GivesTheSameResult()
    {
        using TemporaryFolder folder = new();
        string data = PayableAiProcess.WriteSmallData(folder);
        RunResult first = await RunAsync(data, folder.File("first"), "--seed", "7"), second = await RunAsync(data, folder.File("second"), "--seed", "7");
        Assert.Equal(RunResultFile.ToJson(first.WithoutMeasurements()), RunResultFile.ToJson(second.WithoutMeasurements()));
        RunResult other = await RunAsync(data, folder.File("other"), "--seed", "8");
        Assert.NotEqual(RunResultFile.ToJson(first.WithoutMeasurements()), RunResultFile.ToJson(other.WithoutMeasurements()));
    }

    [Fact]
    public async Task Run_TwiceOnOneLedger_PaysEachFeeOnce()
    {
        using TemporaryFolder folder = new();
        string data = PayableAiProcess.WriteSmallData(folder), ledger = folder.File("ledger.db");
        RunResult first = await RunAsync(data, folder.File("first"), "--ledger", ledger), second = await RunAsync(data, folder.File("second"), "--ledger", ledger);
        Assert.Equal(3, first.Fees.Count);
        Assert.Equal(3, second.Fees.Count);
        Assert.Equal(Sum(first.Fees.Select(f => f.Total)), Sum(first.Claims.Select(c => c.Amount)));
        Assert.Equal(Sum(second.Fees.Select(f => f.Total)), Sum(second.Claims.Select(c => c.Amount)));
        Assert.Empty(first.Fees.Select(f => f.Inference).Intersect(second.Fees.Select(f => f.Inference)));
    }

    [Fact]
    public async Task Verify_InAProcessOfItsOwn_AcceptsTheExportAndRejectsAChangedByte()
    {
        using TemporaryFolder folder = new();
        string output = folder.File("out");
        RunResult result = await RunAsync(PayableAiProcess.WriteSmallData(folder), output);
        Assert.True(result.TamperDetected);
        Assert.All(result.Claims, claim => Assert.True(claim.Verified));
        Assert.All(result.Fees, fee => Assert.Equal(BigInteger.Parse(fee.Total), Sum(fee.Parts.Select(p => p.Amount))));

        (int code, string printed, string error) = await PayableAiProcess.RunAsync("verify", "--out", output);
        Assert.True(code == 0, printed + error);
        string file = Directory.EnumerateFiles(Path.Combine(output, "settlement"), "epoch-*.json").Single();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        (code, printed, _) = await PayableAiProcess.RunAsync("verify", "--out", output);
        Assert.Equal(1, code);
        Assert.Contains("FAILED", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_InterruptedDuringTraining_LeavesACleanStateThatRunsAgain()
    {
        using TemporaryFolder folder = new();
        string data = PayableAiProcess.WriteSmallData(folder), output = folder.File("out");
        using Process process = PayableAiProcess.Start("--data", data, "--out", output, "--steps", "100000");
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        while (line is not null && !line.StartsWith("2 Fine-tune", StringComparison.Ordinal));

        Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!.WaitForExit();
        (int code, string printed, string error) = await PayableAiProcess.EndAsync(process);
        Assert.True(code == 130, $"exit {code}: {printed}{error}");
        Assert.Contains("interrupted", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(output, "result.json")));
        Assert.False(Directory.Exists(Path.Combine(output, "adapter")));
        Assert.False(Directory.Exists(Path.Combine(output, "settlement")));
        await RunAsync(data, output);
    }

    [Fact]
    public async Task Run_AnotherPersonsFacts_AreLearnedToo()
    {
        using TemporaryFolder folder = new();
        string data = Path.Combine(AppContext.BaseDirectory, "MainJob", "company-data"), output = folder.File("out");
        (int code, string printed, string error) = await PayableAiProcess.RunAsync("--data", data, "--out", output, "--quiet");
        Assert.True(code == 0, printed + error);
        HeldOutResult heldOut = RunResultFile.Read(Path.Combine(output, "result.json")).Training.HeldOut;
        Assert.True(heldOut.AdapterCorrect >= 0.7 * heldOut.Total, $"{heldOut.AdapterCorrect} of {heldOut.Total}");
        Assert.True(heldOut.BaseCorrect <= 0.05 * heldOut.Total, $"base {heldOut.BaseCorrect} of {heldOut.Total}");
    }

    private static async Task<RunResult> RunAsync(string data, string output, params string[] more)
    {
        (int code, string printed, string error) = await PayableAiProcess.RunAsync(["--data", data, "--out", output, "--steps", "6", "--quiet", .. more]);
        Assert.True(code == 0, printed + error);
        return RunResultFile.Read(Path.Combine(output, "result.json"));
    }

    private static BigInteger Sum(IEnumerable<string> amounts) => amounts.Aggregate(BigInteger.Zero, (sum, amount) => sum + BigInteger.Parse(amount));
}
