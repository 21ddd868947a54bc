namespace OpenLedger.Lora.Models;

/// <summary>How a decoder knows the order of its tokens.</summary>
public enum PositionKind
{
    /// <summary>Queries and keys are rotated by their position (<see cref="RotaryDescription"/>).</summary>
    Rotary,

    /// <summary>
    /// Two rotations: half of each head by the position in the prompt, half by the position in the answer (ChatGLM-6B). The prompt attends to
    /// itself in both directions.
    /// </summary>
    RotaryInTwoDimensions,

    /// <summary>A penalty that grows with the distance is added to the scores (<see cref="AlibiDescription"/>).</summary>
    Alibi,

    /// <summary>A learned vector per position is added to the embedding.</summary>
    Learned,
}
