namespace OpenLedger.Lora.Inference;

/// <summary>How the next token is chosen and when generation ends.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most tokens to generate.</summary>
    /// <value>256</value>
    public int MaxTokens { get; init; } = 256;

    /// <summary>Divides the logits before sampling; 0 always takes the most probable token, the lowest id among equals.</summary>
    /// <value>0</value>
    public double Temperature { get; init; }

    /// <summary>Samples from this many most probable tokens only; 0 for all.</summary>
    /// <value>0</value>
    public int TopK { get; init; }

    /// <summary>
    /// Samples from the smallest set of most probable tokens whose probabilities reach this sum (Holtzman et al., arXiv 1904.09751),
    /// after <see cref="TopK"/>; 1 for all.
    /// </summary>
    /// <value>1</value>
    public double TopP { get; init; } = 1;

    /// <summary>Start of the random sequence: equal seeds give equal samples, on every version of this package's generator.</summary>
    /// <value>0</value>
    public long Seed { get; init; }

    /// <summary>
    /// Chooses only ids below this: the tokenizer's vocabulary where the model's embedding is padded to a rounder size. Null for all.
    /// </summary>
    /// <value><see langword="null"/></value>
    public int? VocabularyLimit { get; init; }

    /// <summary>Ids that end generation; they are not part of the output.</summary>
    /// <value>empty</value>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>Checks all fields.</summary>
    /// <exception cref="ArgumentException">Lists every fault with its legal range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (MaxTokens < 1)
        {
            faults.Add($"{nameof(MaxTokens)} is {MaxTokens}; legal is 1 and up");
        }

        if (!double.IsFinite(Temperature) || Temperature < 0)
        {
            faults.Add($"{nameof(Temperature)} is {Temperature}; legal is 0 and up");
        }

        if (TopK < 0)
        {
            faults.Add($"{nameof(TopK)} is {TopK}; legal is 0 (all) and up");
        }

        if (!(TopP is > 0 and <= 1))
        {
            faults.Add($"{nameof(TopP)} is {TopP}; legal is above 0 up to 1");
        }

        if (VocabularyLimit < 1)
        {
            faults.Add($"{nameof(VocabularyLimit)} is {VocabularyLimit}; legal is 1 and up, or null");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"The generation options are invalid:\n  - {string.Join("\n  - ", faults)}");
        }
    }
}
