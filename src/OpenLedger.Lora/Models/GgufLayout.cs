using OpenLedger.Lora.Gguf;

namespace OpenLedger.Lora.Models;

/// <summary>
/// Where the weights of a description lie in a GGUF file, by the names that ggml's converter gives. The converter stores fused query, key
/// and value as three contiguous blocks, whatever the original, matrices as <c>[out, in]</c>, and the query and key rows of LLaMA in pairs.
/// </summary>
internal sealed class GgufLayout
{
    private readonly GgufFile _file;
    private readonly DecoderDescription _description;
    private readonly FusedRows _contiguous;
    private readonly bool _fusedQueryKeyValue;
    private readonly bool _fusedGateUp;
    private readonly ValueList<RowRange> _pairedQuery;
    private readonly ValueList<RowRange> _pairedKey;

    public GgufLayout(GgufFile file, DecoderDescription description)
    {
        _file = file;
        _description = description;
        _contiguous = FusedRows.Contiguous(description);
        _fusedQueryKeyValue = file.Contains("blk.0.attn_qkv.weight");
        _fusedGateUp = description.GatedMlp && !file.Contains("blk.0.ffn_gate.weight");
        bool paired = description.Family == "llama";
        _pairedQuery = paired ? Unpair(description.HeadCount) : [];
        _pairedKey = paired ? Unpair(description.KeyValueHeadCount) : [];
    }

    /// <summary>One source per weight of the description.</summary>
    public IReadOnlyList<TensorSource> Locate() => [.. _description.Tensors().Select(t => Place(t.Tensor, t.Layer, t.Shape))];

    private TensorSource Place(DecoderTensor tensor, int layer, ValueList<int> shape)
    {
        TensorSource source = new() { Tensor = tensor, Layer = layer, Name = NameOf(tensor, layer), Shape = shape };
        if (_fusedQueryKeyValue)
        {
            source = _contiguous.Apply(source);
        }
        else if (tensor is DecoderTensor.Query or DecoderTensor.QueryBias)
        {
            source = source with { Rows = _pairedQuery };
        }
        else if (tensor is DecoderTensor.Key or DecoderTensor.KeyBias)
        {
            source = source with { Rows = _pairedKey };
        }

        return _fusedGateUp ? FusedRows.ApplyGateUp(source) : source;
    }

    /// <summary>
    /// The converter interleaves the halves of each head: row <c>2i + h</c> of the file is row <c>h · headSize/2 + i</c> of the model.
    /// </summary>
    private ValueList<RowRange> Unpair(int heads)
    {
        int size = _description.HeadSize, half = size / 2;
        RowRange[] rows = new RowRange[heads * size];
        for (int row = 0; row < rows.Length; row++)
        {
            int head = row / size, inHead = row % size;
            rows[row] = new RowRange((head * size) + (2 * (inHead % half)) + (inHead / half), 1);
        }

        return ValueList.Create<RowRange>(rows);
    }

    private string NameOf(DecoderTensor tensor, int layer) => tensor switch
    {
        DecoderTensor.Embedding => "token_embd.weight",
        DecoderTensor.PositionEmbedding => "position_embd.weight",
        DecoderTensor.EmbeddingNorm => "token_embd_norm.weight",
        DecoderTensor.EmbeddingNormBias => "token_embd_norm.bias",
        DecoderTensor.FinalNorm => "output_norm.weight",
        DecoderTensor.FinalNormBias => "output_norm.bias",
        DecoderTensor.Head => "output.weight",
        >= DecoderTensor.Query and <= DecoderTensor.Down => $"blk.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.Query))}.weight",
        >= DecoderTensor.QueryBias and <= DecoderTensor.DownBias => $"blk.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.QueryBias))}.bias",
        _ => $"blk.{layer}.{Norm(tensor)}",
    };

    private string Norm(DecoderTensor tensor)
    {
        // Falcon 40B: the norm of the MLP took the name of the first, because 7B has only that one.
        bool two = _description.Layout == BlockLayout.ParallelTwoNorms;
        return tensor switch
        {
            DecoderTensor.AttentionNorm => two ? "attn_norm_2.weight" : "attn_norm.weight",
            DecoderTensor.AttentionNormBias => two ? "attn_norm_2.bias" : "attn_norm.bias",
            DecoderTensor.AttentionOutputNorm => "post_attention_norm.weight",
            DecoderTensor.MlpNorm => two ? "attn_norm.weight" : "ffn_norm.weight",
            DecoderTensor.MlpNormBias => two ? "attn_norm.bias" : "ffn_norm.bias",
            DecoderTensor.MlpOutputNorm => "post_ffw_norm.weight",
            DecoderTensor.QueryNorm => "attn_q_norm.weight",
            DecoderTensor.KeyNorm => "attn_k_norm.weight",
            _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor, "Not a norm of a decoder block."),
        };
    }

    private string Module(DecoderLinear linear) => linear switch
    {
        DecoderLinear.Output => "attn_output",
        DecoderLinear.Gate => _fusedGateUp ? "ffn_up" : "ffn_gate",
        DecoderLinear.Up => "ffn_up",
        DecoderLinear.Down => "ffn_down",
        _ when _fusedQueryKeyValue => "attn_qkv",
        DecoderLinear.Query => "attn_q",
        DecoderLinear.Key => "attn_k",
        _ => "attn_v",
    };
}
