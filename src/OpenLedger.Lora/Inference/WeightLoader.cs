using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>Brings the weights of a checkpoint into the form that the decoder reads.</summary>
internal sealed class WeightLoader
{
    /// <summary>Weights that share a scale, in both block formats.</summary>
    private const int BlockLength = 32;

    private readonly IWeightStore _store;
    private readonly InferenceOptions _options;
    private readonly Dictionary<(DecoderTensor, int), TensorSource> _sources;

    public WeightLoader(IWeightStore store, IReadOnlyList<TensorSource> sources, InferenceOptions options)
    {
        _store = store;
        _options = options;
        _sources = sources.ToDictionary(s => (s.Tensor, s.Layer));
    }

    /// <summary>A bias or gain, always in memory.</summary>
    public float[] Vector(DecoderTensor tensor, int layer)
    {
        TensorSource source = _sources[(tensor, layer)];
        return SourceRows.Gather<float>(source, _store.ReadSingles(source.Name), 1);
    }

    /// <summary>A matrix in its stored number format where the kernels have it, else in single precision.</summary>
    public WeightMatrix Matrix(DecoderTensor tensor, int layer)
    {
        TensorSource source = _sources[(tensor, layer)];
        int columns = source.Shape[source.Transposed ? 0 : 1];
        int rows = SourceRows.Of(source).Sum(r => r.Count);
        return _store.FormatOf(source.Name) switch
        {
            WeightFormat.Single => new SingleMatrix(Elements<float>(source, columns), rows, columns),
            WeightFormat.BFloat16 => new BFloat16Matrix(Elements<ushort>(source, columns), rows, columns),
            WeightFormat.Half => new HalfMatrix(Elements<Half>(source, columns), rows, columns),
            WeightFormat.Q8 => new Q8Matrix(Elements<byte>(source, BytesOf(columns, Q8Matrix.BlockBytes)), rows, columns),
            WeightFormat.Q4 => new Q4Matrix(Elements<byte>(source, BytesOf(columns, Q4Matrix.BlockBytes)), rows, columns),
            _ => new SingleMatrix(SourceRows.Gather<float>(source, _store.ReadSingles(source.Name), columns), rows, columns),
        };
    }

    private static int BytesOf(int columns, int blockBytes) => checked(columns / BlockLength * blockBytes);

    /// <summary>The rows of a source, whose <paramref name="columns"/> count elements of type <typeparamref name="T"/>.</summary>
    private ReadOnlyMemory<T> Elements<T>(TensorSource source, int columns)
        where T : unmanaged
    {
        if (!SourceRows.AreInPlace(source))
        {
            ReadOnlyMemory<T> whole = _store.GetElements<T>(source.Name, 0, checked(SourceRows.StoredRows(source) * columns));
            return SourceRows.Gather(source, whole.Span, columns);
        }

        RowRange range = SourceRows.Of(source)[0];
        ReadOnlyMemory<T> mapped = _store.GetElements<T>(source.Name, (long)range.Begin * columns, checked(range.Count * columns));
        return _options.MapWeights ? mapped : mapped.ToArray();
    }
}
