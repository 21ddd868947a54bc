namespace OpenLedger.Lora.Models;

/// <summary>Where one weight of a decoder lies in a checkpoint.</summary>
/// <remarks>
/// Fused projections (<c>query_key_value</c>, <c>c_attn</c>, <c>gate_up_proj</c>) are several sources that name the same tensor with other
/// rows; an adapter on a fused module is split by the same rows.
/// </remarks>
public sealed record TensorSource
{
    /// <summary>Which weight.</summary>
    public required DecoderTensor Tensor { get; init; }

    /// <summary>Zero-based layer; -1 for weights of the whole model.</summary>
    public int Layer { get; init; } = -1;

    /// <summary>Name in the checkpoint, for example <c>model.layers.0.self_attn.q_proj.weight</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Shape of the whole tensor in the checkpoint.</summary>
    public required ValueList<int> Shape { get; init; }

    /// <summary>Whether the checkpoint stores <c>[in, out]</c> (GPT-2's Conv1D).</summary>
    public bool Transposed { get; init; }

    /// <summary>Which rows of the <c>[out, in]</c> matrix (elements of a vector), in this order; empty means all.</summary>
    public ValueList<RowRange> Rows { get; init; } = [];

    /// <summary>The module as adapters name it: <see cref="Name"/> without its last part (<c>.weight</c>, <c>.bias</c>).</summary>
    public string Module => Name[..Math.Max(0, Name.LastIndexOf('.'))];
}
