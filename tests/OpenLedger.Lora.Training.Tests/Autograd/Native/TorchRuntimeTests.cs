using System.Runtime.InteropServices;
using OpenLedger.Lora.Training.Autograd;
using TorchSharp;

namespace OpenLedger.Lora.Training.Tests.Autograd.Native;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void EnsureLoaded_BeforeTheFirstTensor_MakesTorchWork()
    {
        TorchRuntimeStatus status = TorchRuntime.EnsureLoaded();

        using torch.Tensor left = torch.tensor(new float[,] { { 1, 2 }, { 3, 4 } });
        using torch.Tensor right = torch.tensor(new float[,] { { 5, 6 }, { 7, 8 } });
        using torch.Tensor product = torch.matmul(left, right);

        Assert.Equal([19f, 22f, 43f, 50f], product.data<float>().ToArray());
        TestContext.Current.TestOutputHelper?.WriteLine($"{status}; resident set {Environment.WorkingSet >> 20} MiB");
    }

    [Fact]
    public void EnsureLoaded_NativeExceptionLater_SurfacesAsManagedExceptionWithItsText()
    {
        // Not matmul: TorchSharp 0.107.0 exports it without a catch block, so that a wrong shape there ends the process on every system.
        TorchRuntime.EnsureLoaded();
        using torch.Tensor left = torch.ones(2, 3);
        using torch.Tensor right = torch.ones(2, 3);

        ExternalException product = Assert.Throws<ExternalException>(() => torch.mm(left, right));
        ExternalException shape = Assert.Throws<ExternalException>(() => left.reshape(5));

        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", product.Message, StringComparison.Ordinal);
        Assert.Contains("shape '[5]' is invalid for input of size 6", shape.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EnsureLoaded_GradientThroughNativeAutograd_IsExact()
    {
        TorchRuntime.EnsureLoaded();
        using torch.Tensor x = torch.tensor(new float[] { 1, 2, 3 }, requires_grad: true);
        using torch.Tensor squares = x * x;
        using torch.Tensor sum = squares.sum();

        sum.backward();

        using torch.Tensor? gradient = x.grad;
        Assert.NotNull(gradient);
        Assert.Equal([2f, 4f, 6f], gradient.data<float>().ToArray());
    }

    [Fact]
    public void EnsureLoaded_ManyThreadsAtOnce_AllSeeOneResult()
    {
        TorchRuntimeStatus[] results = new TorchRuntimeStatus[16];
        using Barrier barrier = new(results.Length);
        Thread[] threads = [.. Enumerable.Range(0, results.Length).Select(i => new Thread(() =>
        {
            barrier.SignalAndWait();
            results[i] = TorchRuntime.EnsureLoaded();
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.All(results, result => Assert.Same(results[0], result));
    }

    [Fact]
    public void EnsureLoaded_OnLinux_NamesTheShippedLibraryAndLeavesItUntouched()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native files are looked up on Linux only");

        TorchRuntimeStatus status = TorchRuntime.EnsureLoaded();

        Assert.NotNull(status.ShippedLibrary);
        string package = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Assert.Equal(package, status.ShippedLibrary);
        if (status.Loading == TorchRuntimeLoading.AdjustedCopy)
        {
            Assert.NotEqual(status.ShippedLibrary, status.LoadedLibrary);
            // The copy may be gone already (temporary folder); that the shipped file can still be adjusted proves that it was not touched.
            byte[] shipped = File.ReadAllBytes(status.ShippedLibrary);
            Assert.NotEqual(shipped, ElfVersionPatcher.Adjust(shipped));
        }
        else
        {
            Assert.Equal(status.ShippedLibrary, status.LoadedLibrary);
        }
    }
}
