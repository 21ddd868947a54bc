using System.Buffers;

namespace OpenLedger.Lora.Safetensors;

/// <summary>Memory over a mapped tensor. It references the file, so the mapping lives as long as somebody can read through it.</summary>
internal sealed unsafe class MappedElements<T> : MemoryManager<T>
    where T : unmanaged
{
    private readonly object _file;
    private readonly T* _first;
    private readonly int _length;

    /// <param name="file">Keeps the mapping open while it is referenced.</param>
    /// <param name="first">First element.</param>
    /// <param name="length">Number of elements.</param>
    public MappedElements(object file, T* first, int length)
    {
        _file = file;
        _first = first;
        _length = length;
    }

    public override Span<T> GetSpan() => new(_first, _length);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, _length);
        return new MemoryHandle(_first + elementIndex, default, this);
    }

    public override void Unpin() => GC.KeepAlive(_file);

    protected override void Dispose(bool disposing)
    {
    }
}
