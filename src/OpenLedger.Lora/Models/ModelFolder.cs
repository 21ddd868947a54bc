using System.Text.Json;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Models;

/// <summary>
/// A model folder in Hugging Face layout: <c>config.json</c> beside <c>model.safetensors</c>, or beside shards listed in
/// <c>model.safetensors.index.json</c>. Opening it checks every tensor's name and shape against the configuration.
/// </summary>
/// <remarks>Thread-safe for reading. Memory from <see cref="GetSingles"/> must not be used after <see cref="Dispose"/>.</remarks>
public sealed class ModelFolder : IDisposable
{
    private const string SingleFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";

    private readonly List<SafetensorsFile> _files;
    private readonly Dictionary<string, SafetensorsFile> _fileOfTensor = new(StringComparer.Ordinal);

    private ModelFolder(string path, DecoderDescription description, int? beginToken, IReadOnlyList<int> endTokens, List<SafetensorsFile> files)
    {
        Path = path;
        Description = description;
        BeginToken = beginToken;
        EndTokens = endTokens;
        _files = files;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What the model is built from.</summary>
    public DecoderDescription Description { get; }

    /// <summary>Id of the token that begins a sequence, or <see langword="null"/> if the configuration names none.</summary>
    public int? BeginToken { get; }

    /// <summary>Ids of the tokens that end a sequence; <c>generation_config.json</c> wins over <c>config.json</c>.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <summary>Opens a folder and checks that all tensors are there with the right shape.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>The open folder; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">
    /// A file is absent, broken or unsupported, or the tensors do not match the configuration; the last kind lists every fault.
    /// </exception>
    public static ModelFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        JsonConfig config = JsonConfig.Load(System.IO.Path.Combine(path, "config.json"));
        DecoderDescription description = ModelFamily.ReadDescription(config);
        (int? begin, int[] end) = ReadTokens(path, config, description);
        ModelFolder folder = new(path, description, begin, end, []);
        try
        {
            folder.OpenShards();
            folder.CheckTensors();
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Reads a weight into a new array, converted to <see cref="float"/> where it is stored in another type.</summary>
    /// <param name="name">Name of a tensor of the model.</param>
    /// <returns>Row-major elements.</returns>
    /// <exception cref="ArgumentException">There is no such tensor.</exception>
    public float[] ReadSingles(string name) => FileOf(name).ReadSingles(name);

    /// <summary>A weight as singles: in place in the mapped file where it is stored as <c>F32</c>, else converted into a new array.</summary>
    /// <param name="name">Name of a tensor of the model.</param>
    /// <returns>Row-major elements that keep the mapping alive while referenced.</returns>
    /// <exception cref="ArgumentException">There is no such tensor.</exception>
    public ReadOnlyMemory<float> GetSingles(string name)
    {
        SafetensorsFile file = FileOf(name);
        return file.GetInfo(name).DataType == SafetensorsDataType.F32 ? file.GetSingles(name) : file.ReadSingles(name);
    }

    /// <summary>Type and shape of a tensor as stored.</summary>
    /// <param name="name">Name of a tensor of the model, as <see cref="TensorSource.Name"/> gives it.</param>
    /// <returns>Its description; the name in the file can differ by a prefix.</returns>
    /// <exception cref="ArgumentException">There is no such tensor.</exception>
    public SafetensorsTensorInfo Info(string name) => FileOf(name).GetInfo(name);

    /// <summary>Neighbouring stored elements of a tensor, in place in the mapped file.</summary>
    /// <typeparam name="T">As wide as an element (<see cref="ushort"/> for F16 and BF16), or <see cref="byte"/> for bytes.</typeparam>
    /// <param name="name">Name of a tensor of the model.</param>
    /// <param name="begin">First element.</param>
    /// <param name="count">Number of elements.</param>
    /// <returns>Little-endian elements at any alignment that keep the mapping alive while referenced.</returns>
    internal ReadOnlyMemory<T> GetElements<T>(string name, long begin, int count)
        where T : unmanaged => FileOf(name).GetElements<T>(name, begin, count);

    /// <summary>All stored elements of a tensor, in place in the mapped file.</summary>
    /// <exception cref="ArgumentException">There is no such tensor, or an array could not hold it.</exception>
    internal ReadOnlyMemory<T> GetElements<T>(string name)
        where T : unmanaged
    {
        SafetensorsTensorInfo info = Info(name);
        long count = typeof(T) == typeof(byte) ? info.ByteLength : info.ElementCount;
        return count <= Array.MaxLength
            ? GetElements<T>(name, 0, (int)count)
            : throw new ArgumentException($"Tensor '{name}' has {count} elements, more than an array holds.", nameof(name));
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (SafetensorsFile file in _files)
        {
            file.Dispose();
        }
    }

    private static (int? Begin, int[] End) ReadTokens(string path, JsonConfig config, DecoderDescription description)
    {
        int? begin = config.OptionalInt32("bos_token_id");
        int[] end = config.OptionalInt32List("eos_token_id");
        List<string> faults = [.. config.Faults];
        string generationPath = System.IO.Path.Combine(path, "generation_config.json");
        if (File.Exists(generationPath))
        {
            JsonConfig generation = JsonConfig.Load(generationPath);
            begin = generation.OptionalInt32("bos_token_id") ?? begin;
            int[] generationEnd = generation.OptionalInt32List("eos_token_id");
            end = generationEnd.Length > 0 ? generationEnd : end;
            faults.AddRange(generation.Faults);
        }

        foreach (int token in (int[])[.. end, .. begin is int id ? [id] : Array.Empty<int>()])
        {
            if (token < 0 || token >= description.VocabularySize)
            {
                faults.Add($"token id {token} lies outside the vocabulary of {description.VocabularySize}");
            }
        }

        return faults.Count == 0
            ? (begin, end)
            : throw ModelFormatException.FromFaults(ModelFormatError.ConfigInvalid, path, "begin and end tokens are invalid:", faults);
    }

    private void OpenShards()
    {
        string single = System.IO.Path.Combine(Path, SingleFile);
        string indexPath = System.IO.Path.Combine(Path, IndexFile);
        IEnumerable<string> shards;
        if (File.Exists(single))
        {
            shards = [SingleFile];
        }
        else if (File.Exists(indexPath))
        {
            shards = ReadShardNames(indexPath);
        }
        else
        {
            bool pickle = Directory.Exists(Path) && Directory.EnumerateFiles(Path, "*.bin").Any();
            throw pickle
                ? new ModelFormatException(
                    ModelFormatError.PickleRefused, Path, "holds only .bin weights: Python pickles can run code; convert to safetensors")
                : new ModelFormatException(ModelFormatError.FileMissing, Path, $"holds neither '{SingleFile}' nor '{IndexFile}'");
        }

        foreach (string shard in shards)
        {
            string shardPath = System.IO.Path.Combine(Path, shard);
            if (!File.Exists(shardPath))
            {
                throw new ModelFormatException(ModelFormatError.FileMissing, shardPath, "the index names this file, which does not exist");
            }

            SafetensorsFile file = SafetensorsFile.Open(shardPath);
            _files.Add(file);
            foreach (SafetensorsTensorInfo tensor in file.Tensors)
            {
                if (!_fileOfTensor.TryAdd(tensor.Name, file))
                {
                    throw new ModelFormatException(ModelFormatError.DuplicateName, shardPath, tensor.Name, "another shard holds it too");
                }
            }
        }
    }

    private static string[] ReadShardNames(string indexPath)
    {
        JsonConfig index = JsonConfig.Load(indexPath);
        if (!index.TryGet("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFormatException(ModelFormatError.ConfigInvalid, indexPath, "'weight_map' is missing or not an object");
        }

        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (JsonProperty property in map.EnumerateObject())
        {
            // A shard is a file of this folder: anything with a path in it could read elsewhere.
            if (!JsonConfig.TryGetText(property.Value, out string name)
                || name != System.IO.Path.GetFileName(name) || name.Contains('\\', StringComparison.Ordinal)
                || !name.EndsWith(".safetensors", StringComparison.Ordinal))
            {
                throw new ModelFormatException(
                    ModelFormatError.ConfigInvalid, indexPath, $"{JsonConfig.Show(property.Value)} is not the name of a safetensors file of this folder");
            }

            names.Add(name);
        }

        return [.. names];
    }

    private void CheckTensors()
    {
        List<string> faults = [];
        HashSet<string> expected = new(StringComparer.Ordinal);
        foreach (TensorSpecification tensor in ModelFamily.ExpectedTensors(Description))
        {
            expected.Add(tensor.Name);
            if (!_fileOfTensor.TryGetValue(tensor.Name, out SafetensorsFile? file))
            {
                faults.Add($"'{tensor.Name}' is missing");
                continue;
            }

            SafetensorsTensorInfo info = file.GetInfo(tensor.Name);
            if (!info.Shape.SequenceEqual(tensor.Shape.ToArray()))
            {
                faults.Add($"'{tensor.Name}' is {info.ShapeText()}, expected [{string.Join(", ", tensor.Shape)}]");
            }

            if (info.DataType is not (SafetensorsDataType.F32 or SafetensorsDataType.F16 or SafetensorsDataType.BF16 or SafetensorsDataType.F64))
            {
                faults.Add($"'{tensor.Name}' is {info.DataType}, not a floating-point type this package reads");
            }
        }

        foreach (string name in _fileOfTensor.Keys)
        {
            if (!expected.Contains(name) && !ModelFamily.Of(Description).IsInert(name, Description))
            {
                faults.Add($"'{name}' is unexpected; ignoring it could change the model");
            }
        }

        if (faults.Count > 0)
        {
            throw ModelFormatException.FromFaults(
                ModelFormatError.TensorsMismatch, Path, "the tensors do not match the configuration:", faults);
        }
    }

    private SafetensorsFile FileOf(string name) =>
        _fileOfTensor.TryGetValue(name, out SafetensorsFile? file)
            ? file
            : throw new ArgumentException($"'{Path}' holds no tensor '{name}'.", nameof(name));
}
