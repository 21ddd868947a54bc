using System.Text.Json;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Models;

/// <summary>
/// A model folder in Hugging Face layout: <c>config.json</c> beside <c>model.safetensors</c>, or beside shards listed in
/// <c>model.safetensors.index.json</c>. Opening it checks every tensor's name, shape and type against the configuration.
/// </summary>
/// <remarks>
/// <para>
/// Tensors are asked for by the names that <see cref="ModelFamily.Locate"/> gives. Checkpoints that lack the leading <c>model.</c> or
/// <c>transformer.</c>, because the inner model was saved, or that have <c>language_model.</c> in front, because the decoder is a part of
/// a larger model, are recognised by where their embedding lies.
/// </para>
/// <para>
/// Shards must be files of the folder; a symbolic link there may lead elsewhere, as in the cache of the Hugging Face hub. The
/// <c>total_size</c> of an index is not compared: published ones count shared tensors once or twice.
/// </para>
/// <para>Thread-safe for reading. Memory from <see cref="GetSingles"/> must not be used after <see cref="Dispose"/>.</para>
/// </remarks>
public sealed class ModelFolder : IDisposable, IWeightStore
{
    private const string SingleFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";

    /// <summary>In front of the decoder of a model that also reads images.</summary>
    private const string PartPrefix = "language_model.";

    /// <summary>More lines than anybody reads; a wrong folder can have a hundred thousand faults.</summary>
    private const int MaxListedFaults = 200;

    private readonly List<SafetensorsFile> _files;
    private readonly Dictionary<string, (SafetensorsFile File, string StoredName)> _tensors = new(StringComparer.Ordinal);

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
    public DecoderDescription Description { get; private set; }

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
            folder.CheckTensors(config.Path);
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
    public float[] ReadSingles(string name)
    {
        (SafetensorsFile file, string stored) = Find(name);
        return file.ReadSingles(stored);
    }

    /// <summary>A weight as singles: in place in the mapped file where it is stored as <c>F32</c>, else converted into a new array.</summary>
    /// <param name="name">Name of a tensor of the model.</param>
    /// <returns>Row-major elements that keep the mapping alive while referenced.</returns>
    /// <exception cref="ArgumentException">There is no such tensor.</exception>
    public ReadOnlyMemory<float> GetSingles(string name)
    {
        (SafetensorsFile file, string stored) = Find(name);
        return file.GetInfo(stored).DataType == SafetensorsDataType.F32 ? file.GetSingles(stored) : file.ReadSingles(stored);
    }

    /// <summary>Type and shape of a tensor as stored.</summary>
    /// <param name="name">Name of a tensor of the model, as <see cref="TensorSource.Name"/> gives it.</param>
    /// <returns>Its description; the name in the file can differ by a prefix.</returns>
    /// <exception cref="ArgumentException">There is no such tensor.</exception>
    public SafetensorsTensorInfo Info(string name)
    {
        (SafetensorsFile file, string stored) = Find(name);
        return file.GetInfo(stored);
    }

    /// <summary>Neighbouring stored elements of a tensor, in place in the mapped file.</summary>
    /// <typeparam name="T">As wide as an element (<see cref="ushort"/> for F16 and BF16), or <see cref="byte"/> for bytes.</typeparam>
    /// <param name="name">Name of a tensor of the model.</param>
    /// <param name="begin">First element.</param>
    /// <param name="count">Number of elements.</param>
    /// <returns>Little-endian elements at any alignment that keep the mapping alive while referenced.</returns>
    internal ReadOnlyMemory<T> GetElements<T>(string name, long begin, int count)
        where T : unmanaged
    {
        (SafetensorsFile file, string stored) = Find(name);
        return file.GetElements<T>(stored, begin, count);
    }

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

    /// <summary>Stored bytes of a tensor, read through the file and not through its mapping.</summary>
    internal void ReadBytes(string name, long begin, Span<byte> destination)
    {
        (SafetensorsFile file, string stored) = Find(name);
        file.ReadBytes(stored, begin, destination);
    }

    StoredFormat IWeightStore.FormatOf(string name) => Info(name).DataType switch
    {
        SafetensorsDataType.F32 => StoredFormat.Single,
        SafetensorsDataType.F16 => StoredFormat.Half,
        SafetensorsDataType.BF16 => StoredFormat.BFloat16,
        _ => StoredFormat.Double,
    };

    ReadOnlyMemory<T> IWeightStore.GetElements<T>(string name, long begin, int count) => GetElements<T>(name, begin, count);

    void IWeightStore.ReadBytes(string name, long begin, Span<byte> destination) => ReadBytes(name, begin, destination);

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
        int? begin = ReadBegin(config);
        int[] end = config.OptionalInt32List("eos_token_id");
        List<string> faults = [.. config.Faults];
        string generationPath = System.IO.Path.Combine(path, "generation_config.json");
        if (File.Exists(generationPath))
        {
            JsonConfig generation = JsonConfig.Load(generationPath);
            begin = ReadBegin(generation) ?? begin;
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

    // -1 is how old code spells "none".
    private static int? ReadBegin(JsonConfig config) => config.OptionalInt32("bos_token_id") is int id and not -1 ? id : null;

    private void OpenShards()
    {
        string single = System.IO.Path.Combine(Path, SingleFile);
        string indexPath = System.IO.Path.Combine(Path, IndexFile);
        Dictionary<string, string> shardOfTensor = new(StringComparer.Ordinal);
        IEnumerable<string> shards;
        if (File.Exists(single))
        {
            shards = [SingleFile];
        }
        else if (File.Exists(indexPath))
        {
            shardOfTensor = ReadIndex(indexPath);
            shards = shardOfTensor.Values.Distinct().Order(StringComparer.Ordinal);
        }
        else
        {
            bool pickle = Directory.Exists(Path) && Directory.EnumerateFiles(Path, "*.bin").Any();
            throw pickle
                ? new ModelFormatException(
                    ModelFormatError.PickleRefused, Path, "holds only .bin weights: Python pickles can run code; convert to safetensors")
                : new ModelFormatException(ModelFormatError.FileMissing, Path, $"holds neither '{SingleFile}' nor '{IndexFile}'");
        }

        Dictionary<string, SafetensorsFile> fileOfShard = new(StringComparer.Ordinal), fileOfTensor = new(StringComparer.Ordinal);
        foreach (string shard in shards)
        {
            string shardPath = System.IO.Path.Combine(Path, shard);
            if (!File.Exists(shardPath))
            {
                throw new ModelFormatException(ModelFormatError.FileMissing, shardPath, "the index names this file, which does not exist");
            }

            SafetensorsFile file = SafetensorsFile.Open(shardPath);
            _files.Add(file);
            fileOfShard.Add(shard, file);
            foreach (SafetensorsTensorInfo tensor in file.Tensors)
            {
                if (!fileOfTensor.TryAdd(tensor.Name, file))
                {
                    throw new ModelFormatException(ModelFormatError.DuplicateName, shardPath, tensor.Name, "another shard holds it too");
                }
            }
        }

        List<string> faults =
        [
            .. shardOfTensor.Where(e => !fileOfShard[e.Value].Contains(e.Key))
                .Select(e => $"the index says that '{e.Value}' holds '{e.Key}', which it does not"),
        ];
        ThrowIfAny(faults, "the index does not match its files:");
        NameTensors(fileOfTensor);
    }

    private static Dictionary<string, string> ReadIndex(string indexPath)
    {
        JsonConfig index = JsonConfig.Load(indexPath);
        if (!index.TryGet("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFormatException(ModelFormatError.ConfigInvalid, indexPath, "'weight_map' is missing or not an object");
        }

        Dictionary<string, string> shards = new(StringComparer.Ordinal);
        foreach (JsonProperty property in map.EnumerateObject())
        {
            // A shard is a file of this folder: anything with a path in it could read elsewhere.
            if (!JsonConfig.TryGetText(property.Value, out string name)
                || name != System.IO.Path.GetFileName(name) || name.Contains('\\', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal)
                || !name.EndsWith(".safetensors", StringComparison.Ordinal))
            {
                throw new ModelFormatException(
                    ModelFormatError.ConfigInvalid, indexPath, $"{JsonConfig.Show(property.Value)} is not the name of a safetensors file of this folder");
            }

            try
            {
                shards.Add(property.Name, name);
            }
            catch (InvalidOperationException exception)
            {
                throw new ModelFormatException(ModelFormatError.ConfigInvalid, indexPath, "'weight_map' has a name that is not valid Unicode", exception);
            }
        }

        return shards;
    }

    // Gives every stored tensor the name that its family gives it.
    private void NameTensors(Dictionary<string, SafetensorsFile> fileOfTensor)
    {
        ModelFamily family = ModelFamily.Of(Description);
        string inner = family.InnerPrefix, embedding = family.Locate(Description with { LayerCount = 1 }).First(s => s.Tensor == DecoderTensor.Embedding).Name;
        string rest = embedding[inner.Length..];
        (string Embedding, Func<string, string> Rename)[] layouts =
        [
            (embedding, name => name),
            (rest, name => name.StartsWith("lm_head.", StringComparison.Ordinal) ? name : inner + name),
            (PartPrefix + embedding, name => name.StartsWith(PartPrefix, StringComparison.Ordinal) ? name[PartPrefix.Length..] : name),
            (inner + PartPrefix + rest, name => name.StartsWith(inner + PartPrefix, StringComparison.Ordinal) ? inner + name[(inner + PartPrefix).Length..] : name),
        ];
        Func<string, string> rename = layouts.FirstOrDefault(l => fileOfTensor.ContainsKey(l.Embedding)).Rename ?? (name => name);
        foreach ((string stored, SafetensorsFile file) in fileOfTensor)
        {
            if (!_tensors.TryAdd(rename(stored), (file, stored)))
            {
                throw new ModelFormatException(
                    ModelFormatError.DuplicateName, Path, stored, $"'{_tensors[rename(stored)].StoredName}' is the same weight, '{rename(stored)}'");
            }
        }
    }

    private void CheckTensors(string configPath)
    {
        ModelFamily family = ModelFamily.Of(Description);
        Description = family.Complete(Description, _tensors.ContainsKey);
        List<string> faults = [];
        HashSet<string> expected = new(StringComparer.Ordinal);
        foreach (TensorSpecification tensor in ModelFamily.ExpectedTensors(Description))
        {
            expected.Add(tensor.Name);
            if (!_tensors.TryGetValue(tensor.Name, out (SafetensorsFile File, string StoredName) entry))
            {
                faults.Add($"'{tensor.Name}' is missing");
                continue;
            }

            SafetensorsTensorInfo info = entry.File.GetInfo(entry.StoredName);
            if (!info.Shape.SequenceEqual(tensor.Shape.ToArray()))
            {
                faults.Add($"'{entry.StoredName}' is {info.ShapeText()}, expected [{string.Join(", ", tensor.Shape)}]");
            }

            if (info.DataType is not (SafetensorsDataType.F32 or SafetensorsDataType.F16 or SafetensorsDataType.BF16 or SafetensorsDataType.F64))
            {
                faults.Add($"'{entry.StoredName}' is {info.DataType}, not a floating-point type this package reads");
            }
        }

        foreach ((string name, (_, string stored)) in _tensors)
        {
            if (!expected.Contains(name) && !family.IsInert(name, Description))
            {
                faults.Add($"'{stored}' is unexpected; ignoring it could change the model");
            }
        }

        ThrowIfAny(faults, $"the tensors do not match '{configPath}', read as family '{family.Name}':");
    }

    private void ThrowIfAny(List<string> faults, string heading)
    {
        if (faults.Count > MaxListedFaults)
        {
            int more = faults.Count - MaxListedFaults;
            faults.RemoveRange(MaxListedFaults, more);
            faults.Add($"and {more} more");
        }

        if (faults.Count > 0)
        {
            throw ModelFormatException.FromFaults(ModelFormatError.TensorsMismatch, Path, heading, faults);
        }
    }

    private (SafetensorsFile File, string StoredName) Find(string name) =>
        _tensors.TryGetValue(name, out (SafetensorsFile File, string StoredName) entry)
            ? entry
            : throw new ArgumentException($"'{Path}' holds no tensor '{name}'.", nameof(name));
}
