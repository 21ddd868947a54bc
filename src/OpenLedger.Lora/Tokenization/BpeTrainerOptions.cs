namespace OpenLedger.Lora.Tokenization;

/// <summary>Settings of <see cref="BpeTrainer"/>.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>The number of ids: special tokens, 256 bytes and merges. Training stops earlier where pairs run out.</summary>
    /// <value>Required; at least 256 plus the number of special tokens.</value>
    public required int VocabularySize { get; init; }

    /// <summary>Control tokens, which get the ids 0, 1, 2, … in this order.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>A pair must occur at least this often to be merged.</summary>
    /// <value>2 by default; at least 1.</value>
    public long MinimumFrequency { get; init; } = 2;

    /// <summary>Which special tokens begin, end and pad a sequence; each must be one of <see cref="SpecialTokens"/>.</summary>
    /// <value>None by default.</value>
    public SpecialTokenNames Roles { get; init; } = new();

    /// <summary>Checks the settings and reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A setting is outside its legal range; the message lists all of them.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (SpecialTokens is null || Roles is null)
        {
            throw new ArgumentException("SpecialTokens and Roles must not be null; leave them out for none.");
        }

        int minimum = 256 + SpecialTokens.Count;
        if (VocabularySize < minimum)
        {
            faults.Add($"VocabularySize is {VocabularySize}, but 256 bytes and {SpecialTokens.Count} special tokens need at least {minimum}");
        }

        if (MinimumFrequency < 1)
        {
            faults.Add($"MinimumFrequency is {MinimumFrequency}, but must be at least 1");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string token in SpecialTokens)
        {
            if (string.IsNullOrEmpty(token))
            {
                faults.Add("a special token is null or empty");
            }
            else if (!seen.Add(token))
            {
                faults.Add($"special token '{token}' is listed twice");
            }
            else if (token.Length == 1 && ByteAlphabet.TryToByte(token[0], out _))
            {
                faults.Add($"special token '{token}' is the name of a byte; use a longer one, such as '<|{token}|>'");
            }
            else if (token.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar))
            {
                faults.Add("a special token holds U+FFFD or a surrogate without its partner");
            }
        }

        foreach (string? role in (ReadOnlySpan<string?>)[Roles.BeginningOfSequence, Roles.EndOfSequence, Roles.Padding])
        {
            if (role is not null && !seen.Contains(role))
            {
                faults.Add($"role token '{role}' is not one of SpecialTokens; add it there");
            }
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"BpeTrainerOptions: {string.Join("; ", faults)}.");
        }
    }
}
