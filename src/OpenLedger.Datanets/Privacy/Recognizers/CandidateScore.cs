namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>How context changes a score, in one place for all recognisers.</summary>
internal static class CandidateScore
{
    /// <summary>Candidates below this are not worth listing at any threshold.</summary>
    public const double Floor = 0.2;

    /// <summary>What a contradicting word takes away: enough to bring a checked number below the default threshold.</summary>
    public const double Penalty = 0.6;

    public static void Add(
        ICollection<PersonalDataCandidate> candidates,
        PersonalDataText text,
        int start,
        int end,
        PersonalDataEntity entity,
        string evidence,
        ContextWords words,
        double alone,
        double supported)
    {
        ContextMatch context = text.FindContext(start, end - start, words);
        double score = context.Kind switch
        {
            ContextKind.Supporting => supported,
            ContextKind.Contradicting => alone - Penalty,
            _ => alone,
        };
        if (score >= Floor)
        {
            string why = context.Word is null ? evidence
                : $"{evidence}, context {(context.Kind == ContextKind.Supporting ? "" : "against ")}'{context.Word}'";
            candidates.Add(new PersonalDataCandidate(start, end - start, entity, score, why));
        }
    }
}
