using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>What a sequence is between calls: its cached keys and values, how many of them count, and its adapter.</summary>
internal sealed class SequenceState(DecoderDescription description, BoundAdapter? adapter)
{
    public KeyValueCache Cache { get; } = new(description);

    public BoundAdapter? Adapter { get; } = adapter;

    /// <summary>Tokens so far.</summary>
    public int Position { get; set; }

    /// <summary>Tokens at the beginning that see each other in both directions; 0 unless <see cref="PositionKind.RotaryInTwoDimensions"/>.</summary>
    public int ContextLength { get; set; }
}
