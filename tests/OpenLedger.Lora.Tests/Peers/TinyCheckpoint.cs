using System.Security.Cryptography;
using OpenLedger.Lora.Gguf;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Peers;

/// <summary>
/// A small random model in both worlds: as Hugging Face stores it (<c>config.json</c>, tensor names and layouts) and as llama.cpp's
/// converter would write it to GGUF. Whoever loads the first form must reproduce the logits that llama.cpp computes from the second.
/// </summary>
internal sealed class TinyCheckpoint
{
    public const int Vocabulary = 128;

    public required string Name { get; init; }

    /// <summary>The file <c>config.json</c>.</summary>
    public required string Config { get; init; }

    /// <summary>Under Hugging Face's names.</summary>
    public required IReadOnlyList<SafetensorsTensor> Tensors { get; init; }

    public required IReadOnlyList<KeyValuePair<string, object>> Metadata { get; init; }

    /// <summary>Under llama.cpp's names.</summary>
    public required IReadOnlyList<GgufTensor> GgufTensors { get; init; }

    /// <summary>
    /// Hugging Face uses the exact error function here and llama.cpp the hyperbolic tangent, so the oracle runs with its GELU replaced.
    /// </summary>
    public bool ExactGelu { get; init; }

    /// <summary>Metadata that must change the logits when replaced by another value: proof that the oracle obeys it.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Probes { get; init; } = [];

    /// <summary>24 tokens, some of them twice, more than any window of these models.</summary>
    public static IReadOnlyList<int> Ids { get; } = [.. Enumerable.Range(0, 24).Select(i => ((i * i * 7) + (i * 3) + 5) % Vocabulary)];

    public static IReadOnlyDictionary<string, TinyCheckpoint> All { get; } = TinyCheckpoints.Create().ToDictionary(c => c.Name);

    public string GoldenPath => Path.Combine(RepositoryRoot.Path, "tests", "golden", "llama-cpp", Name + ".safetensors");

    /// <summary>Ties a golden to its weights: it changes with every bit of metadata or tensor.</summary>
    public string GgufDigest()
    {
        using TemporaryFolder folder = new();
        SaveGguf(folder.File("model.gguf"));
        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder.File("model.gguf"))));
    }

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c>.</summary>
    public void SaveHuggingFace(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), Config);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), Tensors, new Dictionary<string, string> { ["format"] = "pt" });
    }

    public void SaveGguf(string path, KeyValuePair<string, object>? change = null) => GgufWriter.Write(
        path, change is { } entry ? [.. Metadata.Where(p => p.Key != entry.Key), entry] : Metadata, GgufTensors);

    /// <summary>llama.cpp's logits from the committed golden, row-major <c>[Ids.Count, Vocabulary]</c>.</summary>
    public float[] ReadGolden()
    {
        using SafetensorsFile file = SafetensorsFile.Open(GoldenPath);
        return file.ReadSingles("logits");
    }
}
