using System.Runtime.InteropServices;
using OpenLedger.Lora.Training.Autograd;
using TorchSharp;

namespace OpenLedger.Lora.Training.Tests.Autograd.Native;

public sealed class TorchRuntimeTests
{
    private static readonly Lock LogGate = new();
    private static readonly List<string> LogLines = [];

    private static TorchRuntimeStatus Load() => TorchRuntime.EnsureLoaded(new TorchRuntimeOptions
    {
        Log = line =>
        {
            lock (LogGate)
            {
                LogLines.Add(line);
            }
        },
    });

    [Fact]
    public void EnsureLoaded_BeforeTheFirstTensor_MakesTorchWork()
    {
        TorchRuntimeStatus status = Load();

        using torch.Tensor left = torch.tensor(new float[,] { { 1, 2 }, { 3, 4 } });
        using torch.Tensor right = torch.tensor(new float[,] { { 5, 6 }, { 7, 8 } });
        using torch.Tensor product = torch.matmul(left, right);

        Assert.Equal([19f, 22f, 43f, 50f], product.data<float>().ToArray());
        TestContext.Current.TestOutputHelper?.WriteLine($"{status}; resident set {Environment.WorkingSet >> 20} MiB");
    }

    [Fact]
    public void EnsureLoaded_NativeExceptionLater_SurfacesAsManagedExceptionWithItsText()
    {
        Load();
        using torch.Tensor left = torch.ones(2, 3);
        using torch.Tensor right = torch.ones(2, 3);

        ExternalException exception = Assert.Throws<ExternalException>(() => torch.matmul(left, right));

        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EnsureLoaded_GradientThroughNativeAutograd_IsExact()
    {
        Load();
        using torch.Tensor x = torch.tensor(new float[] { 1, 2, 3 }, requires_grad: true);
        using torch.Tensor squares = x * x;
        using torch.Tensor sum = squares.sum();

        sum.backward();

        using torch.Tensor? gradient = x.grad;
        Assert.NotNull(gradient);
        Assert.Equal([2f, 4f, 6f], gradient.data<float>().ToArray());
    }

    [Fact]
    public void EnsureLoaded_ManyThreadsAtOnce_AllSeeOneResultAndOneLogLine()
    {
        TorchRuntimeStatus[] results = new TorchRuntimeStatus[16];
        using Barrier barrier = new(results.Length);
        Thread[] threads = [.. Enumerable.Range(0, results.Length).Select(i => new Thread(() =>
        {
            barrier.SignalAndWait();
            results[i] = Load();
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.All(results, result => Assert.Same(results[0], result));
        lock (LogGate)
        {
            Assert.Equal(results[0].Loading == TorchRuntimeLoading.AdjustedCopy ? 1 : 0, LogLines.Count);
        }
    }

    [Fact]
    public void EnsureLoaded_OnLinux_NamesTheShippedLibraryAndLeavesItUntouched()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native files are looked up on Linux only");

        TorchRuntimeStatus status = Load();

        Assert.NotNull(status.ShippedLibrary);
        string package = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Assert.Equal(package, status.ShippedLibrary);
        if (status.Loading == TorchRuntimeLoading.AdjustedCopy)
        {
            Assert.NotEqual(status.ShippedLibrary, status.LoadedLibrary);
            string line = Assert.Single(LogLines);
            Assert.Contains("GLIBCXX_3.4.32", line, StringComparison.Ordinal);
            Assert.Contains(status.LoadedLibrary!, line, StringComparison.Ordinal);
            Assert.NotEqual(File.ReadAllBytes(status.ShippedLibrary), File.ReadAllBytes(status.LoadedLibrary!));
        }
        else
        {
            Assert.Equal(status.ShippedLibrary, status.LoadedLibrary);
        }
    }
}
