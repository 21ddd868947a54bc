using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using OpenLedger.Lora.Gguf;
using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Inference;

/// <summary>
/// Rows of a weight in its file, read some at a time: the source of a conversion, which so needs neither the whole weight in memory nor its
/// pages of the mapped file. Only for reading rows, by one thread.
/// </summary>
internal sealed class StoredMatrix : WeightMatrix
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Weights that share a scale, in both block formats.</summary>
    private const int Block = 32;

    private readonly IWeightStore _store;
    private readonly string _name;
    private readonly StoredFormat _format;
    private readonly int[] _storedRows;
    private readonly int _rowBytes;
    private readonly byte[] _buffer;
    private readonly int _bufferRows;
    private int _buffered = -1;
    private int _bufferedCount;

    /// <param name="store">An open checkpoint.</param>
    /// <param name="source">A matrix that is not stored transposed.</param>
    public StoredMatrix(IWeightStore store, TensorSource source)
        : base(SourceRows.Count(source), source.Shape[1])
    {
        _store = store;
        _name = source.Name;
        _format = store.FormatOf(source.Name);
        _rowBytes = RowBytes(_format, InFeatures);
        _storedRows = [.. SourceRows.Of(source).SelectMany(range => Enumerable.Range(range.Begin, range.Count))];
        _bufferRows = Math.Max(1, BufferBytes / _rowBytes);
        _buffer = new byte[_bufferRows * _rowBytes];
    }

    /// <summary>Bytes of a stored row.</summary>
    /// <param name="format">How it is stored.</param>
    /// <param name="columns">Its elements; whole blocks in a block format.</param>
    public static int RowBytes(StoredFormat format, int columns) => format switch
    {
        StoredFormat.Q8 => checked(columns / Block * Q8Matrix.BlockBytes),
        StoredFormat.Q4 => checked(columns / Block * Q4Matrix.BlockBytes),
        StoredFormat.Half or StoredFormat.BFloat16 => checked(columns * sizeof(ushort)),
        StoredFormat.Single => checked(columns * sizeof(float)),
        _ => checked(columns * sizeof(double)),
    };

    public override long ByteLength => (long)OutFeatures * _rowBytes;

    public override string FormatName => _format.ToString();

    private protected override ActivationForms Forms => throw NotForProducts();

    private protected override unsafe void MultiplyRows(in Activations x, float* y, int begin, int end) => throw NotForProducts();

    private protected override void ReadRowCore(int row, Span<float> destination)
    {
        if (_buffered < 0 || row < _buffered || row >= _buffered + _bufferedCount)
        {
            Fill(row);
        }

        ReadOnlySpan<byte> stored = _buffer.AsSpan((row - _buffered) * _rowBytes, _rowBytes);
        switch (_format)
        {
            case StoredFormat.Single:
                MemoryMarshal.Cast<byte, float>(stored).CopyTo(destination);
                break;
            case StoredFormat.BFloat16:
                BFloat16Conversion.Widen(MemoryMarshal.Cast<byte, ushort>(stored), destination);
                break;
            case StoredFormat.Half:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(stored), destination);
                break;
            case StoredFormat.Q8:
                GgufBlocks.DecodeQ8(stored, destination);
                break;
            case StoredFormat.Q4:
                GgufBlocks.DecodeQ4(stored, destination);
                break;
            default:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(stored), destination);
                break;
        }
    }

    /// <summary>Reads a row and those behind it that lie behind it in the file too.</summary>
    private void Fill(int row)
    {
        int count = 1;
        while (count < _bufferRows && row + count < _storedRows.Length && _storedRows[row + count] == _storedRows[row] + count)
        {
            count++;
        }

        _buffered = -1;
        _store.ReadBytes(_name, (long)_storedRows[row] * _rowBytes, _buffer.AsSpan(0, count * _rowBytes));
        _buffered = row;
        _bufferedCount = count;
    }

    private static NotSupportedException NotForProducts() => new("Rows in a file are read, not multiplied.");
}
