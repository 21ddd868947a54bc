namespace OpenLedger.Lora.Training.Augmentation;

/// <summary>A question that a model wrote about a text, with the answer it took from the text.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer; it occurs in the text word for word.</param>
public sealed record Exercise(string Question, string Answer);
