using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Peers;

/// <summary>Runs llama.cpp in a process of its own, where <c>OPENLEDGER_LLAMA_CPP</c> names the folder that <c>tests/golden/llama-cpp/build.sh</c> filled.</summary>
internal static class LlamaCppOracle
{
    /// <summary>The folder, or a skip where there is none.</summary>
    public static string Require()
    {
        string? folder = Environment.GetEnvironmentVariable("OPENLEDGER_LLAMA_CPP");
        if (string.IsNullOrEmpty(folder) || !File.Exists(Path.Combine(folder, "logits")))
        {
            Requirement.SkipOrFail("llamacpp", "OPENLEDGER_LLAMA_CPP does not name a folder filled by tests/golden/llama-cpp/build.sh");
        }

        return folder!;
    }

    /// <summary>Logits for all positions, row-major <c>[ids.Count, vocabulary]</c>.</summary>
    public static float[] Run(string folder, string modelPath, bool exactGelu, IReadOnlyList<int> ids)
    {
        using TemporaryFolder temporary = new();
        ProcessStartInfo start = new(Path.Combine(folder, "logits")) { RedirectStandardError = true };
        start.Environment["LD_LIBRARY_PATH"] = folder;
        start.ArgumentList.Add(Path.Combine(folder, exactGelu ? "libggml-cpu-erf.so" : "libggml-cpu-tanh.so"));
        start.ArgumentList.Add(modelPath);
        start.ArgumentList.Add(temporary.File("out"));
        foreach (int id in ids)
        {
            start.ArgumentList.Add(id.ToString(CultureInfo.InvariantCulture));
        }

        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"llama.cpp ended with {process.ExitCode}: {errors}");
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(temporary.File("out"))).ToArray();
    }
}
