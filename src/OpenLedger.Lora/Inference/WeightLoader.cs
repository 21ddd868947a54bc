using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Inference;

/// <summary>Brings the weights of a model folder into the form that the decoder reads.</summary>
internal sealed class WeightLoader
{
    private readonly ModelFolder _folder;
    private readonly InferenceOptions _options;
    private readonly Dictionary<(DecoderTensor, int), TensorSource> _sources;

    public WeightLoader(ModelFolder folder, IReadOnlyList<TensorSource> sources, InferenceOptions options)
    {
        _folder = folder;
        _options = options;
        _sources = sources.ToDictionary(s => (s.Tensor, s.Layer));
    }

    /// <summary>A bias or gain, always in memory.</summary>
    public float[] Vector(DecoderTensor tensor, int layer)
    {
        TensorSource source = _sources[(tensor, layer)];
        return SourceRows.Gather<float>(source, _folder.ReadSingles(source.Name), 1);
    }

    /// <summary>A matrix in its stored number format where the kernels have it, else in single precision.</summary>
    public WeightMatrix Matrix(DecoderTensor tensor, int layer)
    {
        TensorSource source = _sources[(tensor, layer)];
        int columns = source.Shape[source.Transposed ? 0 : 1];
        int rows = SourceRows.Of(source).Sum(r => r.Count);
        return _folder.Info(source.Name).DataType switch
        {
            SafetensorsDataType.F32 => new SingleMatrix(Elements<float>(source, columns), rows, columns),
            SafetensorsDataType.BF16 => new BFloat16Matrix(Elements<ushort>(source, columns), rows, columns),
            SafetensorsDataType.F16 => new HalfMatrix(Elements<Half>(source, columns), rows, columns),
            _ => new SingleMatrix(SourceRows.Gather<float>(source, _folder.ReadSingles(source.Name), columns), rows, columns),
        };
    }

    private ReadOnlyMemory<T> Elements<T>(TensorSource source, int columns)
        where T : unmanaged
    {
        if (!SourceRows.AreInPlace(source))
        {
            return SourceRows.Gather(source, _folder.GetElements<T>(source.Name).Span, columns);
        }

        RowRange range = SourceRows.Of(source)[0];
        ReadOnlyMemory<T> mapped = _folder.GetElements<T>(source.Name, (long)range.Begin * columns, checked(range.Count * columns));
        return _options.MapWeights ? mapped : mapped.ToArray();
    }
}
