namespace OpenLedger.Datanets.Validation.Contamination;

/// <summary>A place where a text repeats an evaluation set: one run of n-grams that follow each other without a gap.</summary>
/// <param name="Task">The evaluation set.</param>
/// <param name="Start">Index of the first UTF-16 code unit.</param>
/// <param name="Length">UTF-16 code units of the whole run.</param>
/// <param name="NGrams">N-grams in the run.</param>
public sealed record ContaminationHit(EvaluationTask Task, int Start, int Length, int NGrams);
