using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Tests.Reference;
using OpenLedger.Lora.Training.Data;
using TorchSharp;

namespace OpenLedger.Attribution.Tests.Gradients;

/// <summary>Counts the tensors of the whole process, so nothing may run beside it.</summary>
[Collection(nameof(NothingBeside))]
public sealed class LoraGradientsReleaseTests
{
    [Fact]
    public void Compute_DoneRefusedOrCancelled_LeavesNoTensor()
    {
        using TinyAdaptedModel tiny = new();
        TrainingExample[] examples = tiny.Examples(5);
        LoraGradients gradients = new(tiny.Model, tiny.Adapter, batchSize: 2);
        gradients.Compute(examples); // makes the rotary tables, which the model keeps
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = torch.Tensor.TotalCount;

        gradients.Compute(examples);
        gradients.ComputeMeans([examples[..2], examples[2..]]);
        Assert.Throws<ArgumentException>(() => gradients.Compute([.. examples, new TrainingExample("x", new int[98], 1)]));
        Assert.Throws<OperationCanceledException>(() => gradients.Compute(examples, new CancellationToken(canceled: true)));

        Assert.Equal(before, torch.Tensor.TotalCount);
    }
}

/// <summary>Runs its classes one after another and nothing beside them.</summary>
[CollectionDefinition(nameof(NothingBeside), DisableParallelization = true)]
public sealed class NothingBeside;
