namespace OpenLedger.Lora.Tokenization;

/// <summary>A token beside the learnt vocabulary, matched by its exact content.</summary>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial);
