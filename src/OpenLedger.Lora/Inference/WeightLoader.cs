using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>
/// Brings the weights of a checkpoint into the form that the decoder reads. What is used in place stays in the mapped file; whatever is
/// copied or converted is read through the file, so that the mapping's pages take no memory beside the copy.
/// </summary>
internal sealed class WeightLoader
{
    private readonly IWeightStore _store;
    private readonly InferenceOptions _options;
    private readonly Dictionary<(DecoderTensor, int), TensorSource> _sources;
    private readonly ConcurrentDictionary<(DecoderTensor, int), WeightMatrix> _matrices = new();
    private readonly ConcurrentBag<string> _faults = [];

    public WeightLoader(IWeightStore store, IReadOnlyList<TensorSource> sources, InferenceOptions options)
    {
        _store = store;
        _options = options;
        _sources = sources.ToDictionary(s => (s.Tensor, s.Layer));
    }

    /// <summary>Loads everything.</summary>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.NotFinite"/> lists every tensor with a value that is NaN or infinite.</exception>
    public DecoderWeights Load()
    {
        DecoderDescription description = _store.Description;
        List<(DecoderTensor Tensor, int Layer)> matrices = [.. description.Tensors().Where(t => t.Shape.Count == 2).Select(t => (t.Tensor, t.Layer))];
        bool ownHead = description.TiedEmbeddings && WeightConversion.IsQuantized(_options.WeightFormat);
        if (ownHead)
        {
            _sources.Add((DecoderTensor.Head, -1), _sources[(DecoderTensor.Embedding, -1)]);
            matrices.Add((DecoderTensor.Head, -1));
        }

        try
        {
            Parallel.ForEach(
                matrices,
                new ParallelOptions { MaxDegreeOfParallelism = _options.MaxThreads },
                slot => _matrices[slot] = Matrix(slot.Tensor, slot.Layer));
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }

        DecoderWeights weights = DecoderWeights.Collect(
            description,
            (tensor, layer) => _matrices[tensor == DecoderTensor.Head && description.TiedEmbeddings && !ownHead ? (DecoderTensor.Embedding, -1) : (tensor, layer)],
            Vector);
        return _faults.IsEmpty
            ? weights
            : throw ModelFormatException.FromFaults(
                ModelFormatError.NotFinite, _store.Path, "weights are NaN or infinite:", [.. _faults.Order(StringComparer.Ordinal)]);
    }

    private float[] Vector(DecoderTensor tensor, int layer)
    {
        TensorSource source = _sources[(tensor, layer)];
        float[] values = SourceRows.Gather<float>(source, _store.ReadSingles(source.Name), 1);
        Report(source, FiniteCheck.IndexOfNotFinite(values));
        return values;
    }

    private WeightMatrix Matrix(DecoderTensor tensor, int layer)
    {
        TensorSource source = _sources[(tensor, layer)];
        StoredFormat stored = _store.FormatOf(source.Name);
        WeightFormat format = WeightConversion.FormatOf(_options.WeightFormat, tensor);
        bool converts = format switch
        {
            WeightFormat.Stored => stored == StoredFormat.Double,
            WeightFormat.Single => stored != StoredFormat.Single,
            WeightFormat.BFloat16 => stored != StoredFormat.BFloat16,
            WeightFormat.Q8 => stored != StoredFormat.Q8,
            WeightFormat.Q4 => stored != StoredFormat.Q4,
            _ => true,
        };
        if (converts && !source.Transposed)
        {
            return Convert(source, new StoredMatrix(_store, source), format == WeightFormat.Stored ? WeightFormat.Single : format);
        }

        int rows = SourceRows.Count(source);
        int columns = source.Shape[source.Transposed ? 0 : 1];
        bool check = _options.CheckWeights && !converts;
        WeightMatrix matrix;
        switch (stored)
        {
            case StoredFormat.BFloat16:
                ReadOnlyMemory<ushort> shorts = Elements<ushort>(source, columns);
                Report(source, check ? FiniteCheck.IndexOfNotFinite(shorts.Span) : -1);
                matrix = new BFloat16Matrix(shorts, rows, columns);
                break;
            case StoredFormat.Half:
                ReadOnlyMemory<Half> halves = Elements<Half>(source, columns);
                Report(source, check ? FiniteCheck.IndexOfNotFinite(halves.Span) : -1);
                matrix = new HalfMatrix(halves, rows, columns);
                break;
            case StoredFormat.Q8 or StoredFormat.Q4:
                int blockBytes = stored == StoredFormat.Q8 ? Q8Matrix.BlockBytes : Q4Matrix.BlockBytes;
                ReadOnlyMemory<byte> blocks = Elements<byte>(source, StoredMatrix.RowBytes(stored, columns));
                Report(source, check ? FiniteCheck.IndexOfNotFiniteScale(blocks.Span, blockBytes) : -1);
                matrix = stored == StoredFormat.Q8 ? new Q8Matrix(blocks, rows, columns) : new Q4Matrix(blocks, rows, columns);
                break;
            default:
                ReadOnlyMemory<float> singles = stored == StoredFormat.Single
                    ? Elements<float>(source, columns)
                    : SourceRows.Gather<float>(source, _store.ReadSingles(source.Name), columns);
                Report(source, check ? FiniteCheck.IndexOfNotFinite(singles.Span) : -1);
                matrix = new SingleMatrix(singles, rows, columns);
                break;
        }

        return converts ? Convert(source, matrix, format) : matrix;
    }

    private WeightMatrix Convert(TensorSource source, WeightMatrix rows, WeightFormat format)
    {
        try
        {
            WeightMatrix converted = WeightConversion.Convert(rows, format);
            int place = _options.CheckWeights && converted is SingleMatrix single ? FiniteCheck.IndexOfNotFinite(single.Span) : -1;
            Report(source, place);
            return converted;
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException(ModelFormatError.NotFinite, _store.Path, source.Name, $"cannot be kept as {format}: {exception.Message}");
        }
    }

    private void Report(TensorSource source, int place)
    {
        if (place >= 0)
        {
            _faults.Add($"'{source.Name}' ({source.Tensor}, element {place})");
        }
    }

    private ReadOnlyMemory<T> Elements<T>(TensorSource source, int columns)
        where T : unmanaged
    {
        if (SourceRows.AreInPlace(source) && _options.MapWeights)
        {
            RowRange range = SourceRows.Of(source)[0];
            return _store.GetElements<T>(source.Name, (long)range.Begin * columns, checked(range.Count * columns));
        }

        return source.Transposed ? ReadTransposed<T>(source, columns) : ReadRows<T>(source, columns);
    }

    private T[] ReadRows<T>(TensorSource source, int columns)
        where T : unmanaged
    {
        T[] values = GC.AllocateUninitializedArray<T>(checked(SourceRows.Count(source) * columns));
        int at = 0;
        foreach (RowRange range in SourceRows.Of(source))
        {
            Read(source.Name, (long)range.Begin * columns, values.AsSpan(at, range.Count * columns));
            at += range.Count * columns;
        }

        return values;
    }

    /// <summary>Stored rows are columns: a block of them at a time.</summary>
    private T[] ReadTransposed<T>(TensorSource source, int columns)
        where T : unmanaged
    {
        int pitch = SourceRows.StoredRows(source);
        T[] values = GC.AllocateUninitializedArray<T>(checked(SourceRows.Count(source) * columns));
        T[] block = new T[checked(Math.Min(SourceRows.TransposeBlock, columns) * pitch)];
        for (int column = 0; column < columns; column += SourceRows.TransposeBlock)
        {
            int count = Math.Min(SourceRows.TransposeBlock, columns - column);
            Read(source.Name, (long)column * pitch, block.AsSpan(0, count * pitch));
            SourceRows.TransposeInto(source, block.AsSpan(0, count * pitch), column, columns, values);
        }

        return values;
    }

    private void Read<T>(string name, long begin, Span<T> values)
        where T : unmanaged
    {
        const int Chunk = 1 << 28;
        for (int at = 0; at < values.Length; at += Chunk)
        {
            Span<T> part = values.Slice(at, Math.Min(Chunk, values.Length - at));
            _store.ReadBytes(name, (begin + at) * Marshal.SizeOf<T>(), MemoryMarshal.AsBytes(part));
        }
    }
}
