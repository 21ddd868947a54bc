using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Training.Data;

namespace OpenLedger.BaseModel;

/// <summary>Turns questions with answers, and prose, into token sequences with the control tokens of the base model.</summary>
internal sealed class ExampleEncoder(Tokenizer tokenizer)
{
    public const string Begin = "<|bos|>", User = "<|user|>", Assistant = "<|assistant|>", End = "<|end|>";

    private readonly int _begin = Special(tokenizer, Begin), _user = Special(tokenizer, User);
    private readonly int _assistant = Special(tokenizer, Assistant), _end = Special(tokenizer, End);

    public int EndToken => _end;

    public TrainingExample Question(string id, string question, string answer)
    {
        int[] prompt = Prompt(question);
        return new TrainingExample(id, [.. prompt, .. tokenizer.EncodeText(answer), _end], prompt.Length);
    }

    public TrainingExample Prose(string id, string text) => new(id, [_begin, .. tokenizer.EncodeText(text), _end], 1);

    public int[] Prompt(string question) => [_begin, _user, .. tokenizer.EncodeText(question), _assistant];

    private static int Special(Tokenizer tokenizer, string name) =>
        tokenizer.FindSpecial(name) ?? throw new InvalidOperationException($"The tokenizer has no '{name}'.");
}
