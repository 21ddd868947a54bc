using System.Buffers.Binary;
using System.Collections.ObjectModel;
using System.IO.MemoryMappedFiles;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpenLedger.Lora.Safetensors;

/// <summary>A safetensors file, memory-mapped: named tensors are read in place or converted to <see cref="float"/>.</summary>
/// <remarks>
/// <para>
/// The whole header is validated before <see cref="Open"/> returns; tensor data is touched only when it is read. Format:
/// <see href="https://github.com/huggingface/safetensors"/>. Data is little-endian, as on every platform .NET 10 supports well.
/// </para>
/// <para>
/// Thread-safe for reading. Spans and memory handed out point into the mapping: they must not be used after
/// <see cref="Dispose"/>. Truncating the file while it is open is a fault of the operating system that no reader survives; writers
/// replace files instead, as <see cref="SafetensorsWriter"/> does.
/// </para>
/// </remarks>
public sealed unsafe class SafetensorsFile : IDisposable, IMappedFile
{
    private readonly SafeFileHandle _handle;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _data;
    private readonly long _dataOffset;
    private readonly Dictionary<string, SafetensorsTensorInfo> _tensors;
    private int _disposed;

    private SafetensorsFile(string path, SafeFileHandle handle, MemoryMappedFile file, MemoryMappedViewAccessor view, long fileLength)
    {
        _handle = handle;
        Path = path;
        _file = file;
        _view = view;
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            start += view.PointerOffset;
            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(start, sizeof(ulong)));
            if (headerLength > SafetensorsHeader.MaxLength)
            {
                throw new ModelFormatException(
                    ModelFormatError.TooLarge, path, $"the header claims {headerLength} bytes; the limit is {SafetensorsHeader.MaxLength}");
            }

            if ((long)headerLength > fileLength - sizeof(ulong))
            {
                throw new ModelFormatException(
                    ModelFormatError.Truncated, path, $"the header claims {headerLength} bytes, the file has {fileLength - sizeof(ulong)} left");
            }

            _data = start + sizeof(ulong) + headerLength;
            _dataOffset = sizeof(ulong) + (long)headerLength;
            SafetensorsHeader header = SafetensorsHeader.Parse(
                new ReadOnlySpan<byte>(start + sizeof(ulong), (int)headerLength), fileLength - sizeof(ulong) - (long)headerLength, path);
            _tensors = header.Tensors;
            Metadata = new ReadOnlyDictionary<string, string>(header.Metadata);
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
    ~SafetensorsFile() => Release();

    /// <summary>The path given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>All tensors, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsTensorInfo> Tensors { get; }

    /// <summary>The free text entries of the header; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens and validates a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">The file breaks the format; nothing stays open.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        MemoryMappedFile? file = null;
        MemoryMappedViewAccessor? view = null;
        try
        {
            long length = stream.Length;
            if (length < sizeof(ulong))
            {
                throw new ModelFormatException(
                    ModelFormatError.Truncated, path, $"{length} bytes are too few for the eight bytes of the header length");
            }

            file = MemoryMappedFile.CreateFromFile(
                stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            return new SafetensorsFile(path, stream.SafeFileHandle, file, view, length);
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
    public SafetensorsTensorInfo GetInfo(string name) =>
        _tensors.TryGetValue(name, out SafetensorsTensorInfo? tensor)
            ? tensor
            : throw new ArgumentException($"'{Path}' holds no tensor '{name}'; it holds {_tensors.Count} others, see Tensors.", nameof(name));

    /// <summary>The stored bytes of one tensor, in place.</summary>
    /// <param name="name">Name of a tensor of this file.</param>
    /// <returns>Little-endian, row-major elements; valid until <see cref="Dispose"/>.</returns>
    /// <exception cref="ArgumentException">There is no such tensor, or it is larger than a span can describe (2 GiB).</exception>
    public ReadOnlySpan<byte> GetBytes(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        SafetensorsTensorInfo tensor = GetInfo(name);
        return tensor.ByteLength <= int.MaxValue
            ? new ReadOnlySpan<byte>(_data + tensor.Offset, (int)tensor.ByteLength)
            : throw new ArgumentException(
                $"Tensor '{name}' has {tensor.ByteLength} bytes, more than one span holds; use CopyTo or GetSingles.", nameof(name));
    }

    /// <summary>The elements of one <c>F32</c> tensor, in place.</summary>
    /// <param name="name">Name of an <c>F32</c> tensor of this file.</param>
    /// <returns>Row-major elements that keep the mapping alive while referenced; not usable after <see cref="Dispose"/>.</returns>
    /// <exception cref="ArgumentException">There is no such tensor, it is not <c>F32</c>, or it has over 2^31 - 1 elements.</exception>
    public ReadOnlyMemory<float> GetSingles(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        SafetensorsTensorInfo tensor = GetInfo(name);
        if (tensor.DataType != SafetensorsDataType.F32)
        {
            throw new ArgumentException($"Tensor '{name}' is {tensor.DataType}, not F32; use ReadSingles to convert.", nameof(name));
        }

        RequireArrayLength(tensor);
        return new MappedElements<float>(this, (float*)(_data + tensor.Offset), (int)tensor.ElementCount).Memory;
    }

    /// <summary>Neighbouring elements of one tensor, in place, whatever its type.</summary>
    /// <typeparam name="T">A type as wide as the tensor's elements: <see cref="ushort"/> for BF16, <see cref="byte"/> for the bytes of any type.</typeparam>
    /// <param name="name">Name of a tensor of this file.</param>
    /// <param name="begin">First element of type <typeparamref name="T"/>.</param>
    /// <param name="count">Number of elements of type <typeparamref name="T"/>.</param>
    /// <returns>Elements that keep the mapping alive while referenced, at any alignment; not usable after <see cref="Dispose"/>.</returns>
    /// <exception cref="ArgumentException">There is no such tensor, or its elements have another width.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the tensor.</exception>
    internal ReadOnlyMemory<T> GetElements<T>(string name, long begin, int count)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        SafetensorsTensorInfo tensor = GetInfo(name);
        int width = SafetensorsDataTypes.SizeOf(tensor.DataType);
        if (sizeof(T) != width && sizeof(T) != 1)
        {
            throw new ArgumentException($"Tensor '{name}' is {tensor.DataType}, {width} bytes per element, not {sizeof(T)}.", nameof(name));
        }

        long length = tensor.ByteLength / sizeof(T);
        ArgumentOutOfRangeException.ThrowIfNegative(begin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(begin, length);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, length - begin);
        return new MappedElements<T>(this, (T*)(_data + tensor.Offset) + begin, count).Memory;
    }

    /// <summary>Stored bytes of one tensor, read through the file: what is copied anyway then takes no pages of the mapping too.</summary>
    /// <param name="name">Name of a tensor of this file.</param>
    /// <param name="begin">First byte.</param>
    /// <param name="destination">Filled.</param>
    /// <exception cref="ArgumentException">There is no such tensor.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the tensor.</exception>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.Truncated"/>: the file has shrunk since it was opened.</exception>
    internal void ReadBytes(string name, long begin, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        SafetensorsTensorInfo tensor = GetInfo(name);
        ArgumentOutOfRangeException.ThrowIfNegative(begin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(begin, tensor.ByteLength - destination.Length);
        long at = _dataOffset + tensor.Offset + begin;
        while (!destination.IsEmpty)
        {
            int count = RandomAccess.Read(_handle, destination, at);
            if (count == 0)
            {
                throw new ModelFormatException(ModelFormatError.Truncated, Path, name, "the file ends inside it; it has shrunk since it was opened");
            }

            destination = destination[count..];
            at += count;
        }
    }

    /// <summary>Reads one floating-point tensor into a new array.</summary>
    /// <param name="name">Name of an <c>F32</c>, <c>F16</c>, <c>BF16</c> or <c>F64</c> tensor of this file.</param>
    /// <returns>Row-major elements; <c>F64</c> is rounded to the nearest single.</returns>
    /// <exception cref="ArgumentException">There is no such tensor, or it has over 2^31 - 1 elements.</exception>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.DataTypeUnsupported"/>: the tensor is not floating-point.</exception>
    public float[] ReadSingles(string name)
    {
        SafetensorsTensorInfo tensor = GetInfo(name);
        RequireArrayLength(tensor);
        float[] values = GC.AllocateUninitializedArray<float>((int)tensor.ElementCount);
        CopyTo(name, values);
        return values;
    }

    /// <summary>Reads one floating-point tensor into memory of the caller.</summary>
    /// <param name="name">Name of an <c>F32</c>, <c>F16</c>, <c>BF16</c> or <c>F64</c> tensor of this file.</param>
    /// <param name="destination">Receives the row-major elements; exactly as long as the tensor.</param>
    /// <exception cref="ArgumentException">There is no such tensor, or <paramref name="destination"/> has another length.</exception>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.DataTypeUnsupported"/>: the tensor is not floating-point.</exception>
    public void CopyTo(string name, Span<float> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        SafetensorsTensorInfo tensor = GetInfo(name);
        if (destination.Length != tensor.ElementCount)
        {
            throw new ArgumentException(
                $"Tensor '{name}' has {tensor.ElementCount} elements, the destination {destination.Length}.", nameof(destination));
        }

        byte* source = _data + tensor.Offset;
        switch (tensor.DataType)
        {
            case SafetensorsDataType.F32:
                new ReadOnlySpan<float>(source, destination.Length).CopyTo(destination);
                break;
            case SafetensorsDataType.F16:
                TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(source, destination.Length), destination);
                break;
            case SafetensorsDataType.BF16:
                BFloat16Conversion.Widen(new ReadOnlySpan<ushort>(source, destination.Length), destination);
                break;
            case SafetensorsDataType.F64:
                TensorPrimitives.ConvertTruncating(new ReadOnlySpan<double>(source, destination.Length), destination);
                break;
            default:
                throw new ModelFormatException(
                    ModelFormatError.DataTypeUnsupported, Path, name, $"{tensor.DataType} is not a floating-point type this reader converts");
        }

        GC.KeepAlive(this);
    }

    /// <summary>Reads one tensor through and refuses it if a floating-point value is infinite or not a number.</summary>
    /// <param name="name">Name of a tensor of this file; integer and 8-bit floating-point types pass unread.</param>
    /// <exception cref="ArgumentException">There is no such tensor.</exception>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.NotFinite"/>: the tensor holds such a value.</exception>
    public void RequireFinite(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        SafetensorsTensorInfo tensor = GetInfo(name);
        const int Chunk = 1 << 24;
        int size = SafetensorsDataTypes.SizeOf(tensor.DataType);
        for (long start = 0; start < tensor.ElementCount; start += Chunk)
        {
            byte* first = _data + tensor.Offset + (start * size);
            int count = (int)Math.Min(Chunk, tensor.ElementCount - start);
            bool finite = tensor.DataType switch
            {
                SafetensorsDataType.F32 => FiniteValues.AreSingles(new ReadOnlySpan<float>(first, count)),
                SafetensorsDataType.F16 => FiniteValues.AreHalves(new ReadOnlySpan<ushort>(first, count)),
                SafetensorsDataType.BF16 => FiniteValues.AreBFloat16(new ReadOnlySpan<ushort>(first, count)),
                SafetensorsDataType.F64 => FiniteValues.AreDoubles(new ReadOnlySpan<double>(first, count)),
                _ => true,
            };
            if (!finite)
            {
                throw new ModelFormatException(ModelFormatError.NotFinite, Path, name, "it holds a value that is infinite or not a number");
            }
        }

        GC.KeepAlive(this);
    }

    bool IMappedFile.IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Releases the mapping; spans and memory handed out become invalid.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }

    private void RequireArrayLength(SafetensorsTensorInfo tensor)
    {
        if (tensor.ElementCount > Array.MaxLength)
        {
            throw new ArgumentException($"'{Path}': tensor '{tensor.Name}' has {tensor.ElementCount} elements, more than an array holds.");
        }
    }
}
