using OpenLedger.Chain;
using OpenLedger.Datanets;
using OpenLedger.Lora;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Training.Autograd;
using PayableAi.Commands;
using PayableAi.Input;

// Faults of the world end here, each as one line; anything else is a bug and keeps its stack trace.
using CancellationTokenSource interrupt = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupt.Cancel();
};
try
{
    RunOptions options = RunOptions.Parse(args);
    if (options.Help)
    {
        Console.WriteLine(RunOptions.Usage);
        return 0;
    }

    return options.Command switch
    {
        "verify" => VerifyCommand.Run(options),
        "check" => CheckCommand.Run(options),
        _ => await RunCommand.RunAsync(options, interrupt.Token).ConfigureAwait(false),
    };
}
catch (Exception fault) when (fault is BadInputException or DatanetException or ChainException or ModelFormatException or TokenizerFormatException or TorchRuntimeException)
{
    await Console.Error.WriteLineAsync($"payable-ai: {OneLine(fault.Message)}").ConfigureAwait(false);
    return 2;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"payable-ai: {OneLine(fault.Message)}").ConfigureAwait(false);
    return 2;
}
catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("payable-ai: interrupted; nothing was settled, run it again").ConfigureAwait(false);
    return 130;
}

static string OneLine(string message) => string.Join(' ', message.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
