using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Tests.Reference;
using TorchSharp;

namespace OpenLedger.Lora.Training.Tests.Autograd;

public sealed class TorchLoraTests
{
    [Fact]
    public void ToAdapter_AfterFrom_GivesTheSameWeights()
    {
        using TinyModel tiny = new();
        LoraAdapter adapter = tiny.Adapter();
        using TorchLora lora = TorchLora.From(adapter);

        LoraAdapter back = lora.ToAdapter(adapter.Config);

        Assert.Equal(adapter.Modules.Keys, back.Modules.Keys);
        foreach ((string path, LoraModule module) in adapter.Modules)
        {
            Assert.Equal(module.LoraA.ToArray(), back.Modules[path].LoraA.ToArray());
            Assert.Equal(module.LoraB.ToArray(), back.Modules[path].LoraB.ToArray());
            Assert.Equal((module.Rank, module.InFeatures, module.OutFeatures), (back.Modules[path].Rank, back.Modules[path].InFeatures, back.Modules[path].OutFeatures));
        }
    }

    [Fact]
    public void Add_PairThatIsNoPair_IsRefused()
    {
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = torch.NewDisposeScope();
        using TorchLora lora = new();
        void Refused(torch.Tensor a, torch.Tensor b) => Assert.Throws<ArgumentException>(() => lora.Add("m", new TorchLoraPair(a, b, 1)));

        Refused(torch.zeros(2, 3), torch.zeros(4, 3));
        Refused(torch.zeros(5, 2, 3), torch.zeros(4, 2));
        Refused(torch.zeros(5, 2, 3), torch.zeros(6, 4, 2));
        Refused(torch.zeros(2), torch.zeros(2));
        Refused(torch.zeros(0, 3), torch.zeros(4, 0));
        Refused(torch.zeros(2, 3, torch.float64), torch.zeros(4, 2, torch.float64));
        lora.Add("m", new TorchLoraPair(torch.zeros(2, 3), torch.zeros(4, 2), 1));
        Refused(torch.zeros(2, 3), torch.zeros(4, 2));
        Assert.Equal(["m"], lora.Pairs.Keys);
    }

    [Fact]
    public void ToAdapter_OneCopyPerSample_IsRefused()
    {
        TorchRuntime.EnsureLoaded();
        using TorchLora lora = new();
        lora.Add("model.layers.0.self_attn.q_proj", new TorchLoraPair(torch.zeros(5, 2, 3), torch.zeros(5, 4, 2), 1));

        Assert.Throws<InvalidOperationException>(() => lora.ToAdapter(new LoraConfig { TargetModules = TargetModules.AllLinear }));
    }
}
