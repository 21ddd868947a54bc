namespace OpenLedger.Lora.Training.Data;

/// <summary>One training sequence: token ids and, for each token, whether its prediction counts in the loss.</summary>
/// <param name="Id">Name of the record it was made from; reports and attribution use it.</param>
/// <param name="Tokens">The sequence, first token first.</param>
/// <param name="LossFrom">Index of the first token whose prediction counts; at least 1, because nothing predicts token 0.</param>
public sealed record TrainingExample(string Id, IReadOnlyList<int> Tokens, int LossFrom);
