namespace OpenLedger.Lora.Models;

/// <summary>A tensor that a model family demands: its name in checkpoints and its shape.</summary>
public sealed record TensorSpecification
{
    /// <summary>Name in Hugging Face checkpoints.</summary>
    public required string Name { get; init; }

    /// <summary>Extents, outermost first.</summary>
    public required IReadOnlyList<int> Shape { get; init; }
}
