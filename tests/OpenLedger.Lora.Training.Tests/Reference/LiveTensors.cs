using TorchSharp;
using TorchSharp.Modules;

namespace OpenLedger.Lora.Training.Tests.Reference;

/// <summary>Counts the tensors of the whole process; tests that use it run alone (<see cref="Alone"/>).</summary>
internal static class LiveTensors
{
    public const string Alone = "Live tensors";

    /// <summary>
    /// What TorchSharp miscounts per parameter: the constructor takes the native tensor over from the one it is given, and that one's
    /// disposal is then never counted. Measured, so that a version without this passes as well.
    /// </summary>
    public static long MiscountedPerParameter { get; } = LeftBy(() =>
    {
        using torch.Tensor source = torch.zeros(1);
        using Parameter parameter = new(source);
    });

    /// <summary>Tensors that work leaves behind. Finalisers run before and not during it, so that they neither hide nor feign a leak.</summary>
    public static async Task<long> LeftByAsync(Func<Task> work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = torch.Tensor.TotalCount;
        await work();
        return torch.Tensor.TotalCount - before;
    }

    public static long LeftBy(Action work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = torch.Tensor.TotalCount;
        work();
        return torch.Tensor.TotalCount - before;
    }
}

/// <summary>Runs its classes one after another and nothing beside them.</summary>
[CollectionDefinition(LiveTensors.Alone, DisableParallelization = true)]
public sealed class LiveTensorsAlone;
