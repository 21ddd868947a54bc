namespace OpenLedger.Lora.Models;

/// <summary>A checkpoint of any container, as the loader of a model reads it.</summary>
internal interface IWeightStore
{
    /// <summary>The number format of a stored tensor.</summary>
    /// <param name="name">A <see cref="TensorSource.Name"/> of this store.</param>
    WeightFormat FormatOf(string name);

    /// <summary>Neighbouring stored elements, in place: <typeparamref name="T"/> is as wide as an element, or <see cref="byte"/> for bytes of any format.</summary>
    ReadOnlyMemory<T> GetElements<T>(string name, long begin, int count)
        where T : unmanaged;

    /// <summary>A whole tensor, converted.</summary>
    float[] ReadSingles(string name);
}
