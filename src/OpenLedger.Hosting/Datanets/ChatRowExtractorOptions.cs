using Microsoft.Extensions.AI;

namespace OpenLedger.Hosting.Datanets;

/// <summary>How <see cref="ChatRowExtractor"/> asks for rows, what it accepts and where it stops.</summary>
public sealed record ChatRowExtractorOptions
{
    /// <summary>What rows of this datanet are, for the model: the vertical, the language, what to leave out.</summary>
    /// <value>Empty; at most 20,000 characters.</value>
    public string Instructions { get; init; } = "";

    /// <summary>The model or adapter to ask; see <see cref="ChatOptions.ModelId"/>.</summary>
    /// <value><see langword="null"/>: the client's default.</value>
    public string? ModelId { get; init; }

    /// <summary>Most parts of one document; the next one ends the walk with <c>DatanetError.LimitExceeded</c> before it is asked about.</summary>
    /// <value>1,000; 1 to 100,000.</value>
    public int MaxParts { get; init; } = 1000;

    /// <summary>Most rows that one part may give; what is beyond is dropped.</summary>
    /// <value>20; 1 to 1,000.</value>
    public int MaxRowsPerPart { get; init; } = 20;

    /// <summary>Most tokens of one answer; see <see cref="ChatOptions.MaxOutputTokens"/>.</summary>
    /// <value>4,096; 16 to 1,000,000.</value>
    public int MaxOutputTokens { get; init; } = 4096;

    /// <summary>Most UTF-8 bytes of one answer, whatever the client made of <see cref="MaxOutputTokens"/>.</summary>
    /// <value>256 KiB; 64 bytes to 16 MiB.</value>
    public int MaxAnswerBytes { get; init; } = 256 << 10;

    /// <summary>How often the model is asked about one part when its answer cannot be read; it is told why.</summary>
    /// <value>3; 1 to 10. Faults of the network are the client's to repeat.</value>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The temperature; see <see cref="ChatOptions.Temperature"/>.</summary>
    /// <value>0, so that an honest model repeats itself; 0 to 2.</value>
    public float Temperature { get; init; }

    /// <summary>What to do about malformed answers and rows that do not fit the schema. Rows without evidence are always dropped.</summary>
    /// <value><see cref="ChatRowFaultAction.Skip"/>.</value>
    public ChatRowFaultAction FaultAction { get; init; }

    /// <summary>Whether the form of the answer is sent as <see cref="ChatOptions.ResponseFormat"/> besides being described in words.</summary>
    /// <value><see langword="true"/>; <see langword="false"/> for clients that refuse it, such as <c>LoraChatClient</c>.</value>
    public bool SendsResponseFormat { get; init; } = true;

    /// <summary>
    /// Whether a row is dropped when neither its quotation (<see cref="EvidenceField"/>) nor its answer (<see cref="AnswerField"/>) stands in the
    /// text of the part; <see cref="OpenLedger.Datanets.Formats.QuotableText"/> says when it does.
    /// </summary>
    /// <value><see langword="true"/>.</value>
    public bool RequiresQuotedEvidence { get; init; } = true;

    /// <summary>The member in which the model quotes the part; when the schema has no such field, it is asked for, checked and taken off.</summary>
    /// <value><c>evidence</c>; a field name that is not one of <see cref="ProvenanceFields"/>.</value>
    public string EvidenceField { get; init; } = "evidence";

    /// <summary>A text field that may stand in the part itself in place of the quotation.</summary>
    /// <value><c>answer</c>, ignored where the schema has no text field of that name; <see langword="null"/>: only the quotation counts. Not one of <see cref="ProvenanceFields"/>.</value>
    public string? AnswerField { get; init; } = "answer";

    /// <summary>Fewest characters of a quotation or answer that prove anything; when the part is shorter, all of it.</summary>
    /// <value>12, in UTF-16 units of the normal form; 1 to 4,096. Any short answer stands somewhere.</value>
    public int MinQuoteLength { get; init; } = 12;

    /// <summary>
    /// Fields that the part fills and never the model, each where the schema has it; of the members that the inner extractor gives,
    /// for example also <c>title</c> and <c>heading</c>. What the part does not have, the row does not have.
    /// </summary>
    /// <value><c>source</c>, <c>page</c>, <c>part</c>.</value>
    public IReadOnlyList<string> ProvenanceFields { get; init; } = ["source", "page", "part"];

    /// <summary>Told after each answered part, before its rows are walked, and once more when the walk ends for whatever reason.</summary>
    /// <value><see langword="null"/>. Called from the walk; with <see cref="Progress{T}"/> the calls arrive later and elsewhere.</value>
    public IProgress<ChatRowReport>? Progress { get; init; }

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        Check(Instructions is { Length: <= 20_000 }, $"Instructions has {Instructions?.Length ?? 0} characters; it must not be null and have at most 20000.");
        CheckRange(nameof(MaxParts), MaxParts, 1, 100_000);
        CheckRange(nameof(MaxRowsPerPart), MaxRowsPerPart, 1, 1000);
        CheckRange(nameof(MaxOutputTokens), MaxOutputTokens, 16, 1_000_000);
        CheckRange(nameof(MaxAnswerBytes), MaxAnswerBytes, 64, 16 << 20);
        CheckRange(nameof(MaxAttempts), MaxAttempts, 1, 10);
        Check(Temperature is >= 0 and <= 2, FormattableString.Invariant($"Temperature is {Temperature}; it must be from 0 to 2."));
        Check(Enum.IsDefined(FaultAction), $"FaultAction is {FaultAction}; use a named action.");
        CheckRange(nameof(MinQuoteLength), MinQuoteLength, 1, ChatRowExtractor.MaxQuoteLength);
        bool hasNames = ProvenanceFields is not null && ProvenanceFields.All(name => name is { Length: > 0 });
        Check(hasNames, "ProvenanceFields is null or holds an empty name; use [] for none.");
        Check(EvidenceField is { Length: > 0 } && EvidenceField[0] != '$', $"EvidenceField is '{EvidenceField}'; it must not be empty or begin with '$'.");
        Check(!hasNames || !ProvenanceFields!.Contains(EvidenceField), $"EvidenceField '{EvidenceField}' is one of ProvenanceFields; the model must be able to fill it.");
        Check(!hasNames || AnswerField is null || !ProvenanceFields!.Contains(AnswerField), $"AnswerField '{AnswerField}' is one of ProvenanceFields; use null.");
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }

        void Check(bool isLegal, string fault)
        {
            if (!isLegal)
            {
                faults.Add(fault);
            }
        }

        void CheckRange(string name, int value, int least, int most) =>
            Check(value >= least && value <= most, FormattableString.Invariant($"{name} is {value}; it must be from {least} to {most}."));
    }
}
