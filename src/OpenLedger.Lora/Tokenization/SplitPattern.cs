using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tokenization;

/// <summary>The word patterns of published tokenizers: hand-written scanners for the common ones, <see cref="UnicodePattern"/> for the rest.</summary>
internal static class SplitPattern
{
    public static TilingPattern Gpt2 { get; } = new Gpt2Pattern();

    /// <summary>Llama 3, GLM-4 and cl100k_base.</summary>
    public static TilingPattern Llama3 { get; } = new Cl100kPattern(digits: 3);

    public static TilingPattern Qwen2 { get; } = new Cl100kPattern(digits: 1);

    /// <summary>DeepSeek Coder, as llama.cpp writes it; each cuts the words of the one before.</summary>
    public static IReadOnlyList<WordCutter> DeepSeekCoder { get; } =
    [
        Isolated("[\r\n]"), Isolated(@"\s?\p{L}+"), Isolated(@"\s?\p{P}+"), Isolated("[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+"), Isolated(@"\p{N}"),
    ];

    /// <summary>Falcon: the first cuts text before the pattern of GPT-2, the others cut its words after bytes became stand-ins.</summary>
    public static IReadOnlyList<WordCutter> Falcon { get; } =
    [
        new MatchCutter(ClassPattern.Punctuation, CutBehavior.Contiguous),
        new MatchCutter(ClassPattern.Numbers, CutBehavior.Contiguous),
        Isolated("[0-9][0-9][0-9]"),
    ];

    /// <summary>Cuts at the matches of a regular expression; for the known ones that isolate by a scanner.</summary>
    /// <exception cref="FormatException">The expression uses what <see cref="UnicodePattern"/> does not implement.</exception>
    public static WordCutter Create(string source, CutBehavior behavior, bool isInverted) => (source, behavior, isInverted) switch
    {
        // Scanners tile the text: there is no gap whose role an inversion or another behaviour could change, except to drop matches.
        (Gpt2Pattern.Source, CutBehavior.Isolated, _) or (Gpt2Pattern.Source, CutBehavior.Removed, true) => Gpt2,
        (Cl100kPattern.Llama3Source, CutBehavior.Isolated, _) or (Cl100kPattern.Llama3Source, CutBehavior.Removed, true) => Llama3,
        (Cl100kPattern.Qwen2Source, CutBehavior.Isolated, _) or (Cl100kPattern.Qwen2Source, CutBehavior.Removed, true) => Qwen2,
        _ => new MatchCutter(UnicodePattern.Parse(source), behavior, isInverted),
    };

    private static MatchCutter Isolated(string source) => new(UnicodePattern.Parse(source), CutBehavior.Isolated);
}
