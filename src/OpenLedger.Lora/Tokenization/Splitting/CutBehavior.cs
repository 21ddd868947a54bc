namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>What becomes of the matches of a pattern; the names of the Hugging Face format.</summary>
internal enum CutBehavior
{
    /// <summary>Each match is a word.</summary>
    Isolated,

    /// <summary>Matches are dropped.</summary>
    Removed,

    /// <summary>A match belongs to the word before it.</summary>
    MergedWithPrevious,

    /// <summary>A match belongs to the word after it.</summary>
    MergedWithNext,

    /// <summary>Matches that follow each other are one word.</summary>
    Contiguous,
}
