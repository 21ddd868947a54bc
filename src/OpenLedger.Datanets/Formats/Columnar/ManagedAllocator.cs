using System.Buffers;
using Apache.Arrow.Memory;

namespace OpenLedger.Datanets.Formats;

/// <summary>Gives Apache.Arrow arrays of the runtime, where a wrong offset is an exception; its own memory is native.</summary>
internal sealed class ManagedAllocator : MemoryAllocator
{
    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        bytesAllocated = length;
        return new Owner(new byte[length]);
    }

    private sealed class Owner(byte[] bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = bytes;

        public void Dispose()
        {
        }
    }
}
