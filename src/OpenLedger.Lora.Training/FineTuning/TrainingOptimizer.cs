namespace OpenLedger.Lora.Training.FineTuning;

/// <summary>How gradients become updates.</summary>
public enum TrainingOptimizer
{
    /// <summary>Adam with decoupled weight decay (arXiv 1711.05101), β = 0.9 and 0.999, ε = 1e-8.</summary>
    AdamW,

    /// <summary>Plain gradient descent without momentum: for experiments whose updates must be linear in the gradient.</summary>
    Sgd,
}
