using System.Text;

namespace OpenLedger.Lora.Tests.Gguf;

/// <summary>Writes GGUF heads field by field, wrong ones included: the tests' own encoder, not the product's writer.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte> _bytes = [];

    /// <summary>A version 3 head with the two counts.</summary>
    public static GgufBytes Head(ulong tensors, ulong entries, uint version = 3) =>
        new GgufBytes().Raw("GGUF"u8.ToArray()).U32(version).U64(tensors).U64(entries);

    public GgufBytes Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public GgufBytes U32(uint value)
    {
        _bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public GgufBytes U64(ulong value)
    {
        _bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public GgufBytes Text(string text) => U64((ulong)Encoding.UTF8.GetByteCount(text)).Raw(Encoding.UTF8.GetBytes(text));

    public GgufBytes Tensor(string name, uint type, ulong offset, params ulong[] innermostFirst)
    {
        Text(name).U32((uint)innermostFirst.Length);
        foreach (ulong extent in innermostFirst)
        {
            U64(extent);
        }

        return U32(type).U64(offset);
    }

    public GgufBytes Pad(int alignment = 32)
    {
        while (_bytes.Count % alignment != 0)
        {
            _bytes.Add(0);
        }

        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
