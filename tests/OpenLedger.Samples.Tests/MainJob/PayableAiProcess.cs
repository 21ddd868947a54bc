using System.Diagnostics;
using OpenLedger.Testing;

namespace OpenLedger.Samples.Tests.MainJob;

/// <summary>Runs the sample as its users do: as a process of its own.</summary>
internal static class PayableAiProcess
{
    public static string AppFolder => AppContext.BaseDirectory;

    public static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppFolder, "PayableAi.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        return await EndAsync(process);
    }

    public static async Task<(int ExitCode, string Output, string Error)> EndAsync(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(8));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The sample did not end in time. Output so far: {await output}{await error}");
        }

        return (process.ExitCode, await output, await error);
    }

    /// <summary>A small data folder of its own for tests that are not about quality: 12 facts, two datanets, two contributors.</summary>
    public static string WriteSmallData(TemporaryFolder folder)
    {
        string data = folder.File("data");
        string[] subjects = ["Mill", "Tower", "Inn", "Ferry", "School", "Bridge"];
        for (int net = 0; net < 2; net++)
        {
            string name = net == 0 ? "north" : "south";
            Directory.CreateDirectory(Path.Combine(data, name));
            File.WriteAllLines(
                Path.Combine(data, name, net == 0 ? "ann.jsonl" : "bo.jsonl"),
                subjects.Select((s, i) => net == 0
                    ? $$"""{"id":"n{{i}}","question":"Who owns the North {{s}}?","answer":"Ada {{s}}son"}"""
                    : $$"""{"id":"s{{i}}","text":"The South {{s}} was built in 18{{i}}0."}"""));
        }

        File.WriteAllLines(
            Path.Combine(data, "held-out.jsonl"),
            subjects.Select((s, i) => $$"""{"question":"To whom does the North {{s}} belong?","answer":"Ada {{s}}son","record":"n{{i}}"}"""));
        return data;
    }
}
