namespace OpenLedger.Lora.Models;

/// <summary>What a decoder-only transformer is built from: the one description that every executor reads.</summary>
/// <remarks>
/// Today it describes the LLaMA block: pre-RMSNorm, rotary positions in rotate-half form, grouped-query attention and a SwiGLU MLP
/// without biases. A model family is a file that maps its <c>config.json</c> and tensor names to this record.
/// </remarks>
public sealed record DecoderDescription
{
    /// <summary>Number of rows of the embedding and of the output head.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Inner width of the MLP.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Number of decoder layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Number of query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Number of key and value heads; divides <see cref="HeadCount"/>.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Width of one head; even, because rotary positions rotate pairs.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Longest sequence that positions are defined for, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    /// <value>10000 where the checkpoint says nothing.</value>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Epsilon of the RMS normalisations.</summary>
    /// <value>1e-5 where the checkpoint says nothing; checkpoints do say.</value>
    public double RmsNormEpsilon { get; init; } = 1e-5;

    /// <summary>Whether the output head shares the embedding matrix.</summary>
    public bool TiedEmbeddings { get; init; }
}
