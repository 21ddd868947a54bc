using System.IO.MemoryMappedFiles;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Gguf;

/// <summary>A GGUF file, memory-mapped: metadata, and named tensors that are read in place or converted to <see cref="float"/>.</summary>
/// <remarks>
/// <para>
/// Versions 2 and 3, little-endian. Everything before the tensor data is validated before <see cref="Open"/> returns; tensor data is
/// touched only when it is read. Tensors of <c>f32</c>, <c>f16</c>, <c>bf16</c>, <c>q8_0</c> and <c>q4_0</c> can be converted; tensors
/// of ggml's other types are listed and handed out as bytes, and converting them is refused by the name of the type.
/// Format: <see href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"/>.
/// </para>
/// <para>
/// Thread-safe for reading. Spans and memory handed out point into the mapping: they must not be used after
/// <see cref="Dispose"/>. Truncating the file while it is open is a fault of the operating system that no reader survives; writers
/// replace files instead, as <see cref="GgufWriter"/> does.
/// </para>
/// </remarks>
public sealed unsafe class GgufFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _data;
    private readonly Dictionary<string, GgufTensorInfo> _tensors;
    private int _disposed;

    private GgufFile(string path, MemoryMappedFile file, MemoryMappedViewAccessor view, long fileLength)
    {
        Path = path;
        _file = file;
        _view = view;
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            start += view.PointerOffset;
            GgufHeader header = GgufHeader.Parse(
                new ReadOnlySpan<byte>(start, (int)Math.Min(fileLength, GgufHeader.MaxLength)), fileLength, path);
            _data = start + header.DataStart;
            _tensors = header.Tensors;
            Version = header.Version;
            Metadata = new GgufMetadata(header.Metadata, path);
            Tensors = [.. _tensors.Values.OrderBy(t => t.Offset).ThenBy(t => t.Name, StringComparer.Ordinal)];
        }
        catch
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            GC.SuppressFinalize(this);
            throw;
        }
    }

    /// <summary>Releases the mapping of a file that nobody disposed, such as one that backs the weights of a model.</summary>
    ~GgufFile() => Release();

    /// <summary>The path given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>Version of the format, 2 or 3.</summary>
    public int Version { get; }

    /// <summary>The key-value entries.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>All tensors, in the order of their data.</summary>
    public IReadOnlyList<GgufTensorInfo> Tensors { get; }

    /// <summary>Opens and validates a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">The file breaks the format or has another version; nothing stays open.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        MemoryMappedFile? file = null;
        MemoryMappedViewAccessor? view = null;
        try
        {
            long length = stream.Length;
            if (length == 0)
            {
                throw new ModelFormatException(ModelFormatError.Truncated, path, "the file is empty");
            }

            file = MemoryMappedFile.CreateFromFile(
                stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            return new GgufFile(path, file, view, length);
        }
        catch
        {
            view?.Dispose();
            file?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file holds a tensor of this name.</summary>
    /// <param name="name">Name of a tensor.</param>
    /// <returns><see langword="true"/> if it does.</returns>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>Describes one tensor.</summary>
    /// <param name="name">Name of a tensor of this file.</param>
    /// <returns>Type and shape.</returns>
    /// <exception cref="ArgumentException">There is no such tensor.</exception>
    public GgufTensorInfo GetInfo(string name) =>
        _tensors.TryGetValue(name, out GgufTensorInfo? tensor)
            ? tensor
            : throw new ArgumentException($"'{Path}' holds no tensor '{name}'; it holds {_tensors.Count} others, see Tensors.", nameof(name));

    /// <summary>The stored bytes of one tensor of any type, in place.</summary>
    /// <param name="name">Name of a tensor of this file.</param>
    /// <returns>Little-endian, row-major elements or blocks; valid until <see cref="Dispose"/>.</returns>
    /// <exception cref="ArgumentException">There is no such tensor, or it is larger than a span can describe (2 GiB).</exception>
    public ReadOnlySpan<byte> GetBytes(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        GgufTensorInfo tensor = GetInfo(name);
        return new ReadOnlySpan<byte>(_data + tensor.Offset, SpanLength(tensor, tensor.ByteLength));
    }

    /// <summary>The stored bytes of one tensor of any type, in place and keeping the mapping alive while referenced.</summary>
    /// <param name="name">Name of a tensor of this file.</param>
    /// <returns>Little-endian, row-major elements or blocks; not usable after <see cref="Dispose"/>.</returns>
    /// <exception cref="ArgumentException">There is no such tensor, or it is larger than a span can describe (2 GiB).</exception>
    public ReadOnlyMemory<byte> GetMemory(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        GgufTensorInfo tensor = GetInfo(name);
        return new MappedElements<byte>(this, _data + tensor.Offset, SpanLength(tensor, tensor.ByteLength)).Memory;
    }

    /// <summary>The elements of one <c>f32</c> tensor, in place.</summary>
    /// <param name="name">Name of an <c>f32</c> tensor of this file.</param>
    /// <returns>Row-major elements that keep the mapping alive while referenced; not usable after <see cref="Dispose"/>.</returns>
    /// <exception cref="ArgumentException">There is no such tensor, it is not <c>f32</c>, or it has over 2^31 - 1 elements.</exception>
    public ReadOnlyMemory<float> GetSingles(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        GgufTensorInfo tensor = GetInfo(name);
        return tensor.Type == GgufTensorType.F32
            ? new MappedElements<float>(this, (float*)(_data + tensor.Offset), SpanLength(tensor, tensor.ElementCount)).Memory
            : throw new ArgumentException($"Tensor '{name}' is {tensor.TypeName}, not f32; use ReadSingles to convert.", nameof(name));
    }

    /// <summary>Neighbouring stored elements of one tensor, in place.</summary>
    /// <typeparam name="T">A type as wide as an element, or <see cref="byte"/> for the bytes of any type.</typeparam>
    /// <param name="name">Name of a tensor of this file.</param>
    /// <param name="begin">First element of type <typeparamref name="T"/>.</param>
    /// <param name="count">Number of elements of type <typeparamref name="T"/>.</param>
    /// <returns>Elements that keep the mapping alive while referenced; not usable after <see cref="Dispose"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the tensor.</exception>
    internal ReadOnlyMemory<T> GetElements<T>(string name, long begin, int count)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        GgufTensorInfo tensor = GetInfo(name);
        long length = tensor.ByteLength / sizeof(T);
        ArgumentOutOfRangeException.ThrowIfNegative(begin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(begin, length);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, length - begin);
        return new MappedElements<T>(this, (T*)(_data + tensor.Offset) + begin, count).Memory;
    }

    /// <summary>Reads one tensor into a new array.</summary>
    /// <param name="name">Name of an <c>f32</c>, <c>f16</c>, <c>bf16</c>, <c>q8_0</c> or <c>q4_0</c> tensor of this file.</param>
    /// <returns>Row-major elements; quantised ones as scale times code.</returns>
    /// <exception cref="ArgumentException">There is no such tensor, or it has over 2^31 - 1 elements.</exception>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.DataTypeUnsupported"/>: the type is not converted.</exception>
    public float[] ReadSingles(string name)
    {
        GgufTensorInfo tensor = GetInfo(name);
        RequireConvertible(tensor);
        float[] values = GC.AllocateUninitializedArray<float>(SpanLength(tensor, tensor.ElementCount));
        CopyTo(name, values);
        return values;
    }

    /// <summary>Reads one tensor into memory of the caller.</summary>
    /// <param name="name">Name of an <c>f32</c>, <c>f16</c>, <c>bf16</c>, <c>q8_0</c> or <c>q4_0</c> tensor of this file.</param>
    /// <param name="destination">Receives the row-major elements; exactly as long as the tensor.</param>
    /// <exception cref="ArgumentException">There is no such tensor, or <paramref name="destination"/> has another length.</exception>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.DataTypeUnsupported"/>: the type is not converted.</exception>
    public void CopyTo(string name, Span<float> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        GgufTensorInfo tensor = GetInfo(name);
        RequireConvertible(tensor);
        if (destination.Length != tensor.ElementCount)
        {
            throw new ArgumentException(
                $"Tensor '{name}' has {tensor.ElementCount} elements, the destination {destination.Length}.", nameof(destination));
        }

        // Whole blocks at a time: a tensor of fewer than 2^31 values can have more than 2^31 bytes.
        const int Chunk = 1 << 20;
        byte* source = _data + tensor.Offset;
        for (int start = 0; start < destination.Length; start += Chunk)
        {
            Span<float> values = destination.Slice(start, Math.Min(Chunk, destination.Length - start));
            Convert(tensor.Type, source, values);
            source += ByteLength(tensor.Type, values.Length);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Reads one tensor through and refuses it if a value, or the scale of a block, is infinite or not a number.</summary>
    /// <param name="name">Name of a tensor of this file; types that are not converted pass unread.</param>
    /// <exception cref="ArgumentException">There is no such tensor.</exception>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.NotFinite"/>: the tensor holds such a value.</exception>
    public void RequireFinite(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        GgufTensorInfo tensor = GetInfo(name);
        const int Chunk = 1 << 24;
        for (long start = 0; start < tensor.ElementCount && tensor.Type != GgufTensorType.Other; start += Chunk)
        {
            int count = (int)Math.Min(Chunk, tensor.ElementCount - start);
            byte* first = _data + tensor.Offset + ByteLength(tensor.Type, start);
            bool finite = tensor.Type switch
            {
                GgufTensorType.F32 => FiniteValues.AreSingles(new ReadOnlySpan<float>(first, count)),
                GgufTensorType.F16 => FiniteValues.AreHalves(new ReadOnlySpan<ushort>(first, count)),
                GgufTensorType.BF16 => FiniteValues.AreBFloat16(new ReadOnlySpan<ushort>(first, count)),
                GgufTensorType.Q8_0 => GgufBlocks.HaveFiniteScales(new ReadOnlySpan<byte>(first, (int)ByteLength(tensor.Type, count)), GgufBlocks.Q8Bytes),
                _ => GgufBlocks.HaveFiniteScales(new ReadOnlySpan<byte>(first, (int)ByteLength(tensor.Type, count)), GgufBlocks.Q4Bytes),
            };
            if (!finite)
            {
                throw new ModelFormatException(ModelFormatError.NotFinite, Path, name, "it holds a value that is infinite or not a number");
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Releases the mapping; spans and memory handed out become invalid.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private static long ByteLength(GgufTensorType type, long count)
    {
        GgufTensorTypes.Layout layout = GgufTensorTypes.Of(type).Layout;
        return count / layout.BlockLength * layout.BlockBytes;
    }

    private static void Convert(GgufTensorType type, byte* source, Span<float> destination)
    {
        switch (type)
        {
            case GgufTensorType.F32:
                new ReadOnlySpan<float>(source, destination.Length).CopyTo(destination);
                break;
            case GgufTensorType.F16:
                TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(source, destination.Length), destination);
                break;
            case GgufTensorType.BF16:
                BFloat16Conversion.Widen(new ReadOnlySpan<ushort>(source, destination.Length), destination);
                break;
            case GgufTensorType.Q8_0:
                GgufBlocks.DecodeQ8(new ReadOnlySpan<byte>(source, (int)ByteLength(type, destination.Length)), destination);
                break;
            default:
                GgufBlocks.DecodeQ4(new ReadOnlySpan<byte>(source, (int)ByteLength(type, destination.Length)), destination);
                break;
        }
    }

    private void RequireConvertible(GgufTensorInfo tensor)
    {
        if (tensor.Type == GgufTensorType.Other)
        {
            throw new ModelFormatException(
                ModelFormatError.DataTypeUnsupported,
                Path,
                tensor.Name,
                $"type {tensor.TypeName} is not converted; requantise the file to f32, f16, bf16, q8_0 or q4_0");
        }
    }

    private int SpanLength(GgufTensorInfo tensor, long length) => length <= Array.MaxLength
        ? (int)length
        : throw new ArgumentException($"'{Path}': tensor '{tensor.Name}' has a length of {length}, more than one span holds.");

    private void Release()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }
}
