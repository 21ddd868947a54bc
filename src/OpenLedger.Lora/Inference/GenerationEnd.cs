namespace OpenLedger.Lora.Inference;

/// <summary>Why generation ended.</summary>
public enum GenerationEnd
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>The model chose one of the stop tokens.</summary>
    StopToken,

    /// <summary>The most tokens allowed were generated.</summary>
    MaxTokens,

    /// <summary>The model has no positions left.</summary>
    ContextFull,
}
