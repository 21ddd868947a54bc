using BenchmarkDotNet.Running;
using OpenLedger.Benchmarks.Bars;

return args is ["bars", .. string[] rest] ? await BarCommand.RunAsync(rest).ConfigureAwait(false) : Run(args);

static int Run(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    return 0;
}
