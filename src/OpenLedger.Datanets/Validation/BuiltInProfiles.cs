using OpenLedger.Datanets.Validation.Language;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Validation;

/// <summary>Profiles for the usual kinds of records. Each call makes a new profile; equal options give equal digests.</summary>
/// <remarks>
/// Rules that an application brings with it (personal data, contamination, toxicity) are added with <see cref="ValidationProfile.Extend"/>.
/// </remarks>
public static class BuiltInProfiles
{
    /// <summary>Pages and prose: encoding, then FineWeb's order: language, Gopher repetition, Gopher quality, C4, FineWeb.</summary>
    /// <param name="options">Thresholds, or <see langword="null"/> for the defaults.</param>
    /// <remarks>C4 runs without the rule about the ends of lines, as in FineWeb. Refuses good short records; see the other profiles.</remarks>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public static ValidationProfile WebText(WebTextProfileOptions? options = null)
    {
        options ??= new WebTextProfileOptions();
        return ValidationProfile.Custom("web_text")
            .Fields(options.Fields)
            .Scoring(options.Scoring)
            .Add(new EncodingRule(options.Encoding))
            .Add(new LanguageRule(options.Language, options.Identifier))
            .Add(new GopherRepetitionRule(options.Repetition))
            .Add(new GopherQualityRule(options.Quality, options.Identifier))
            .Add(new C4Rule(options.C4))
            .Add(new FineWebRule(options.FineWeb))
            .Build();
    }

    /// <summary>Questions or instructions with an answer.</summary>
    /// <param name="options">Thresholds, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public static ValidationProfile Instruction(InstructionProfileOptions? options = null)
    {
        options ??= new InstructionProfileOptions();
        return ValidationProfile.Custom("instruction")
            .Fields(options.Fields)
            .Scoring(options.Scoring)
            .Add(new EncodingRule(options.Encoding))
            .Add(new InstructionRule(options.Instruction, options.Identifier))
            .Build();
    }

    /// <summary>Conversations.</summary>
    /// <param name="options">Thresholds, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public static ValidationProfile Chat(ChatProfileOptions? options = null)
    {
        options ??= new ChatProfileOptions();
        return ValidationProfile.Custom("chat")
            .Fields(options.Fields)
            .Scoring(options.Scoring)
            .Add(new EncodingRule(options.Encoding))
            .Add(new ChatRule(options.Chat))
            .Build();
    }

    /// <summary>Source code; every direction control is an error there.</summary>
    /// <param name="options">Thresholds, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public static ValidationProfile Code(CodeProfileOptions? options = null)
    {
        options ??= new CodeProfileOptions();
        return ValidationProfile.Custom("code")
            .Fields(options.Fields)
            .Scoring(options.Scoring)
            .Add(new EncodingRule(options.Encoding))
            .Add(new CodeRule(options.Code))
            .Build();
    }
}
