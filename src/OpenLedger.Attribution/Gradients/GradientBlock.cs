namespace OpenLedger.Attribution.Gradients;

/// <summary>One weight tensor's slice of a gradient row: usually one <c>lora_A</c> or <c>lora_B</c>.</summary>
/// <param name="Name">The tensor's name, unique in its layout.</param>
/// <param name="Offset">First column of the block, in elements from the start of the row.</param>
/// <param name="Length">Number of columns, at least 1.</param>
public readonly record struct GradientBlock(string Name, int Offset, int Length);
