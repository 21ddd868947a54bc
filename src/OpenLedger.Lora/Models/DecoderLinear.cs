namespace OpenLedger.Lora.Models;

/// <summary>The linear layers of one decoder block, in the order in which they run.</summary>
public enum DecoderLinear
{
    /// <summary><c>q_proj</c>: <c>[heads · headSize, hidden]</c></summary>
    Query,

    /// <summary><c>k_proj</c>: <c>[keyValueHeads · headSize, hidden]</c></summary>
    Key,

    /// <summary><c>v_proj</c>: <c>[keyValueHeads · headSize, hidden]</c></summary>
    Value,

    /// <summary><c>o_proj</c>: <c>[hidden, heads · headSize]</c></summary>
    Output,

    /// <summary><c>gate_proj</c>: <c>[intermediate, hidden]</c></summary>
    Gate,

    /// <summary><c>up_proj</c>: <c>[intermediate, hidden]</c></summary>
    Up,

    /// <summary><c>down_proj</c>: <c>[hidden, intermediate]</c></summary>
    Down,
}
