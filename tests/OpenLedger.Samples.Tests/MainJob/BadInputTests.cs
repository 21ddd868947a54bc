using Microsoft.Data.Sqlite;
using OpenLedger.Testing;
using PayableAi.Input;

namespace OpenLedger.Samples.Tests.MainJob;

/// <summary>Bad input: one clear line on standard error, exit code 2, nothing written.</summary>
public class BadInputTests
{
    [Fact]
    public async Task Run_DataFolderIsMissing_SaysSo() => await RefusesAsync(folder => ["--data", folder.File("nowhere")], "nowhere", "does not exist");

    [Fact]
    public async Task Run_MalformedLine_NamesFileLineAndReason() => await RefusesAsync(
        folder => ["--data", Damaged(folder, lines => lines[2] = "{\"id\":\"n2\",\"question\":")], "ann.jsonl", "line 3|:3");

    [Fact]
    public async Task Run_WrongSchema_NamesFileLineAndField() => await RefusesAsync(
        folder => ["--data", Damaged(folder, lines => lines[1] = "{\"id\":\"n1\",\"question\":\"Who?\"}")], "ann.jsonl:2", "answer|variant");

    [Fact]
    public async Task Run_RepeatedId_NamesFileAndLine() => await RefusesAsync(
        folder => ["--data", Damaged(folder, lines => lines[3] = lines[0])], "ann.jsonl:4", "'n0'");

    [Fact]
    public async Task Run_HeldOutNamesUnknownRecord_SaysWhich() => await RefusesAsync(
        folder =>
        {
            string data = PayableAiProcess.WriteSmallData(folder);
            File.AppendAllText(Path.Combine(data, "held-out.jsonl"), "{\"question\":\"Who?\",\"answer\":\"Ada\",\"record\":\"zz\"}\n");
            return ["--data", data];
        },
        "held-out.jsonl:7", "'zz'");

    [Fact]
    public async Task Run_LedgerInsideTheOutFolder_IsRefused() => await RefusesAsync(
        folder => ["--data", PayableAiProcess.WriteSmallData(folder), "--ledger", folder.File("out", "ledger.db")], "ledger.db", "--out|does not exist|folder");

    [Fact]
    public async Task Run_FolderThatIsNoDatanetId_SaysWhich() => await RefusesAsync(
        folder =>
        {
            string data = PayableAiProcess.WriteSmallData(folder);
            Directory.Move(Path.Combine(data, "north"), Path.Combine(data, "My_Net"));
            return ["--data", data];
        },
        "My_Net", "datanet id");

    [Theory]
    [InlineData("{\"question\":\"Who?\",\"answer\":\"Ada\",\"records\":[1]}")]
    [InlineData("{\"question\":\"Who?\",\"answer\":\"Ada\",\"records\":[]}")]
    [InlineData("[1]")]
    public async Task Run_UnusableHeldOutLine_NamesFileAndLine(string line) => await RefusesAsync(
        folder =>
        {
            string data = PayableAiProcess.WriteSmallData(folder);
            File.AppendAllText(Path.Combine(data, "held-out.jsonl"), line + "\n");
            return ["--data", data];
        },
        "held-out.jsonl:7", "");

    [Fact]
    public async Task Run_TruncatedSafetensors_NamesTheFile() => await RefusesAsync(
        folder =>
        {
            string model = folder.File("model");
            Directory.CreateDirectory(model);
            foreach (string file in Directory.EnumerateFiles(SampleFolder.BaseModel))
            {
                File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
            }

            using (FileStream weights = File.OpenWrite(Path.Combine(model, "model.safetensors")))
            {
                weights.SetLength(weights.Length - 1000);
            }

            return ["--data", PayableAiProcess.WriteSmallData(folder), "--model", model];
        },
        "model.safetensors", "");

    [Fact]
    public async Task Run_CorruptLedger_NamesTheFile() => await RefusesAsync(
        folder =>
        {
            string ledger = folder.File("ledger.db");
            File.WriteAllText(ledger, new string('x', 5000));
            return ["--data", PayableAiProcess.WriteSmallData(folder), "--ledger", ledger];
        },
        "ledger.db", "");

    [Fact]
    public async Task Run_LockedLedger_NamesTheFile()
    {
        using TemporaryFolder folder = new();
        string data = PayableAiProcess.WriteSmallData(folder), ledger = folder.File("ledger.db");
        (int code, _, string error) = await PayableAiProcess.RunAsync("--data", data, "--ledger", ledger, "--out", folder.File("first"), "--steps", "2", "--quiet");
        Assert.True(code == 0, error);
        using SqliteConnection other = new($"Data Source={ledger};Pooling=False");
        other.Open();
        using SqliteCommand hold = other.CreateCommand();
        hold.CommandText = "BEGIN EXCLUSIVE";
        hold.ExecuteNonQuery();
        await RefusesAsync(_ => ["--data", data, "--ledger", ledger], "ledger.db", "busy|locked|another");
    }

    [Theory]
    [InlineData("--steps", "0")]
    [InlineData("--seed", "-1")]
    [InlineData("--frobnicate", "1")]
    [InlineData("--data", "")]
    public async Task Run_UnknownOrIllegalOption_SaysWhich(string name, string value) => await RefusesAsync(_ => [name, value], name, "");

    private static async Task RefusesAsync(Func<TemporaryFolder, string[]> arguments, string names, string oneOf)
    {
        using TemporaryFolder folder = new();
        string output = folder.File("out");
        (int code, string printed, string error) = await PayableAiProcess.RunAsync([.. arguments(folder), "--out", output]);
        Assert.True(code == 2, $"exit {code}: {printed}{error}");
        string line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("payable-ai: ", line, StringComparison.Ordinal);
        Assert.Contains(names, line, StringComparison.Ordinal);
        Assert.Contains(oneOf.Split('|'), part => line.Contains(part, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(output), "something was written although the input was refused");
    }

    private static string Damaged(TemporaryFolder folder, Action<string[]> damage)
    {
        string data = PayableAiProcess.WriteSmallData(folder), file = Path.Combine(data, "north", "ann.jsonl");
        string[] lines = File.ReadAllLines(file);
        damage(lines);
        File.WriteAllLines(file, lines);
        return data;
    }
}
