namespace OpenLedger.Lora.Models;

/// <summary>A checkpoint of any container, as the loader of a model reads it. Tensors are named as its <see cref="TensorSource"/>s name them.</summary>
internal interface IWeightStore
{
    /// <summary>The file or folder, for messages.</summary>
    string Path { get; }

    /// <summary>What the model is built from.</summary>
    DecoderDescription Description { get; }

    /// <summary>The number format of a stored tensor.</summary>
    StoredFormat FormatOf(string name);

    /// <summary>Neighbouring stored elements, in place: <typeparamref name="T"/> is as wide as an element, or <see cref="byte"/> for bytes of any format.</summary>
    ReadOnlyMemory<T> GetElements<T>(string name, long begin, int count)
        where T : unmanaged;

    /// <summary>Copies neighbouring stored bytes.</summary>
    void ReadBytes(string name, long begin, Span<byte> destination);

    /// <summary>A whole tensor in single precision.</summary>
    float[] ReadSingles(string name);
}
