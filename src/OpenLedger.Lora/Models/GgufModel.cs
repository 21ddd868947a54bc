using OpenLedger.Lora.Gguf;

namespace OpenLedger.Lora.Models;

/// <summary>
/// A model in one GGUF file. Its metadata become the description of the family it was converted from, and its tensors are located for that
/// description; opening checks every tensor's name, shape and type.
/// </summary>
/// <remarks>Thread-safe for reading. Memory handed out must not be used after <see cref="Dispose"/>.</remarks>
internal sealed class GgufModel : IDisposable, IWeightStore
{
    private const int MaxListedFaults = 200;

    /// <summary>Factors of the rotary frequencies, which are part of the description.</summary>
    private static readonly string[] RopeTensors = ["rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"];

    private readonly GgufFile _file;

    private GgufModel(GgufFile file, DecoderDescription description, IReadOnlyList<TensorSource> sources, int? beginToken, IReadOnlyList<int> endTokens)
    {
        _file = file;
        Description = description;
        Sources = sources;
        BeginToken = beginToken;
        EndTokens = endTokens;
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>What the model is built from. <see cref="DecoderDescription.Family"/> names the family whose adapters fit.</summary>
    public DecoderDescription Description { get; }

    /// <summary>Where the weights lie in the file, in rows that undo what the conversion permuted.</summary>
    public IReadOnlyList<TensorSource> Sources { get; }

    /// <summary>Id of the token that begins a sequence, or <see langword="null"/> if the file names none.</summary>
    public int? BeginToken { get; }

    /// <summary>Ids of the tokens that end a sequence or a turn.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The open model; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">
    /// The file is absent, breaks the format, is of an architecture or has a field that is not implemented, or its tensors do not match its
    /// metadata; the last kinds list every fault.
    /// </exception>
    public static GgufModel Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelFormatException(ModelFormatError.FileMissing, path, "the file does not exist");
        }

        GgufFile file = GgufFile.Open(path);
        try
        {
            GgufDescription reader = new(file);
            DecoderDescription description = reader.Read();
            IReadOnlyList<TensorSource> sources = new GgufLayout(file, description).Locate();
            CheckTensors(file, description, sources);
            (int? begin, int[] end) = ReadTokens(file, description);
            return new GgufModel(file, description, sources, begin, end);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public StoredFormat FormatOf(string name) => _file.GetInfo(name).Type switch
    {
        GgufTensorType.F32 => StoredFormat.Single,
        GgufTensorType.F16 => StoredFormat.Half,
        GgufTensorType.BF16 => StoredFormat.BFloat16,
        GgufTensorType.Q8_0 => StoredFormat.Q8,
        GgufTensorType.Q4_0 => StoredFormat.Q4,
        _ => throw new InvalidOperationException("Opening refuses other types."),
    };

    /// <inheritdoc/>
    public ReadOnlyMemory<T> GetElements<T>(string name, long begin, int count)
        where T : unmanaged => _file.GetElements<T>(name, begin, count);

    /// <inheritdoc/>
    public void ReadBytes(string name, long begin, Span<byte> destination) => _file.GetElements<byte>(name, begin, destination.Length).Span.CopyTo(destination);

    /// <inheritdoc/>
    public float[] ReadSingles(string name) => _file.ReadSingles(name);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static void CheckTensors(GgufFile file, DecoderDescription description, IReadOnlyList<TensorSource> sources)
    {
        List<string> faults = [];
        HashSet<string> expected = new(RopeTensors, StringComparer.Ordinal);
        foreach (TensorSource source in sources.DistinctBy(s => s.Name))
        {
            expected.Add(source.Name);
            if (!file.Contains(source.Name))
            {
                faults.Add($"'{source.Name}' is missing");
                continue;
            }

            GgufTensorInfo info = file.GetInfo(source.Name);
            if (!info.Shape.SequenceEqual(source.Shape.ToArray()))
            {
                faults.Add($"'{source.Name}' is {info.ShapeText()}, expected [{string.Join(", ", source.Shape)}]");
            }

            if (info.Type == GgufTensorType.Other)
            {
                faults.Add($"'{source.Name}' is {info.TypeName}; implemented are f32, f16, bf16, q8_0 and q4_0: requantise the file to one of them");
            }
        }

        faults.AddRange(file.Tensors.Where(t => !expected.Contains(t.Name)).Select(t => $"'{t.Name}' is unexpected; ignoring it could change the model"));
        if (faults.Count > MaxListedFaults)
        {
            int more = faults.Count - MaxListedFaults;
            faults.RemoveRange(MaxListedFaults, more);
            faults.Add($"and {more} more");
        }

        if (faults.Count > 0)
        {
            throw ModelFormatException.FromFaults(
                ModelFormatError.TensorsMismatch, file.Path, $"the tensors do not match the metadata, read as family '{description.Family}':", faults);
        }
    }

    private static (int? Begin, int[] End) ReadTokens(GgufFile file, DecoderDescription description)
    {
        List<string> faults = [];
        int? begin = Token("tokenizer.ggml.bos_token_id");
        int?[] end = [Token("tokenizer.ggml.eos_token_id"), Token("tokenizer.ggml.eot_token_id")];
        return faults.Count == 0
            ? (begin, [.. end.OfType<int>().Distinct()])
            : throw ModelFormatException.FromFaults(ModelFormatError.ConfigInvalid, file.Path, "begin and end tokens are invalid:", faults);

        int? Token(string key)
        {
            // The largest unsigned number is how some writers say "none".
            if (!file.Metadata.TryGetValue(key, out object? value) || value is uint.MaxValue)
            {
                return null;
            }

            int id = file.Metadata.GetInt32(key);
            if (id < 0 || id >= description.VocabularySize)
            {
                faults.Add($"'{key}' is {id}, outside the vocabulary of {description.VocabularySize}");
            }

            return id;
        }
    }
}
