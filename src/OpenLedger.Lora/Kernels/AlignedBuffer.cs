using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OpenLedger.Lora.Kernels;

/// <summary>Scratch memory that begins at a cache line and does not move. Use with <c>using</c> on one thread; the content is undefined.</summary>
/// <remarks>A thread keeps two small pieces for its next calls; large ones come from the shared pool.</remarks>
internal unsafe ref struct AlignedBuffer : IDisposable
{
    private const int Alignment = 64;
    private const int MostKept = 1 << 20;

    [ThreadStatic]
    private static byte[]? t_first;

    [ThreadStatic]
    private static byte[]? t_second;

    private byte[]? _array;
    private GCHandle _pin;

    /// <summary>Takes memory; 0 bytes take none.</summary>
    public AlignedBuffer(long bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        int length = checked((int)(bytes + Alignment));
        nint start;
        if (length <= MostKept)
        {
            _array = TakeKept(length) ?? GC.AllocateUninitializedArray<byte>((int)Math.Max(1 << 16, BitOperations.RoundUpToPowerOf2((uint)length)), pinned: true);
            start = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        }
        else
        {
            _array = ArrayPool<byte>.Shared.Rent(length);
            _pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
            start = _pin.AddrOfPinnedObject();
        }

        Pointer = (byte*)((start + Alignment - 1) & -Alignment);
    }

    /// <summary>First byte; null for an empty buffer.</summary>
    public byte* Pointer { get; }

    public void Dispose()
    {
        if (_array is null)
        {
            return;
        }

        if (_pin.IsAllocated)
        {
            _pin.Free();
            ArrayPool<byte>.Shared.Return(_array);
        }
        else if (t_first is null)
        {
            t_first = _array;
        }
        else if (t_second is null || t_second.Length < _array.Length)
        {
            t_second = _array;
        }

        _array = null;
    }

    private static byte[]? TakeKept(int length)
    {
        byte[]? array = t_first;
        if (array is not null && array.Length >= length)
        {
            t_first = null;
            return array;
        }

        array = t_second;
        if (array is not null && array.Length >= length)
        {
            t_second = null;
            return array;
        }

        return null;
    }
}
