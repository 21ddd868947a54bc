using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OpenLedger.Lora.Kernels;

/// <summary>Scratch memory that begins at a cache line and does not move. Use with <c>using</c> on one thread; the content is undefined.</summary>
/// <remarks>A thread keeps a few small pieces for its next calls; large ones come from the shared pool.</remarks>
internal unsafe ref struct AlignedBuffer : IDisposable
{
    private const int Alignment = 64;
    private const int MostKept = 1 << 20;

    /// <summary>Pieces that a thread keeps: more than one product ever holds at once.</summary>
    private const int KeptPieces = 6;

    [ThreadStatic]
    private static byte[]?[]? t_kept;

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
        else
        {
            Keep(_array);
        }

        _array = null;
    }

    /// <summary>The smallest kept piece that is long enough, so that a small request does not take the place of a large one.</summary>
    private static byte[]? TakeKept(int length)
    {
        byte[]?[] kept = t_kept ??= new byte[]?[KeptPieces];
        int best = -1;
        for (int i = 0; i < kept.Length; i++)
        {
            if (kept[i]?.Length >= length && (best < 0 || kept[i]!.Length < kept[best]!.Length))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            return null;
        }

        byte[]? array = kept[best];
        kept[best] = null;
        return array;
    }

    /// <summary>Into a free place, or that of the smallest piece that is smaller.</summary>
    private static void Keep(byte[] array)
    {
        byte[]?[] kept = t_kept ??= new byte[]?[KeptPieces];
        int place = 0;
        for (int i = 1; i < kept.Length; i++)
        {
            if ((kept[i]?.Length ?? 0) < (kept[place]?.Length ?? 0))
            {
                place = i;
            }
        }

        if ((kept[place]?.Length ?? 0) < array.Length)
        {
            kept[place] = array;
        }
    }
}
