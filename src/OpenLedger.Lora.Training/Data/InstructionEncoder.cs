using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Training.Data;

/// <summary>Turns questions with answers, and prose, into training sequences of one form: a prompt, then what the assistant says.</summary>
/// <remarks>
/// A question becomes <c>&lt;|bos|&gt;&lt;|user|&gt;question&lt;|assistant|&gt;answer&lt;|end|&gt;</c>, with the loss on the answer and the end. Prose is cut between
/// two words and becomes the same form, first part as prompt, rest as answer, once for each of a few cuts: a fact that was told in prose
/// is then recalled at the very position at which a question recalls it, which is what makes prose answer questions. Thread-safe.
/// </remarks>
public sealed class InstructionEncoder
{
    /// <summary>Most cuts of one prose text.</summary>
    public const int MaxCuts = 4;

    private readonly Tokenizer _tokenizer;
    private readonly int _begin;
    private readonly int _user;
    private readonly int _assistant;

    /// <summary>Looks the control tokens up.</summary>
    /// <param name="tokenizer">A tokenizer with the special tokens <c>&lt;|bos|&gt;</c>, <c>&lt;|user|&gt;</c>, <c>&lt;|assistant|&gt;</c> and <c>&lt;|end|&gt;</c>.</param>
    /// <exception cref="ArgumentException">A special token is missing; the message names it.</exception>
    public InstructionEncoder(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
        int Special(string name) => tokenizer.FindSpecial(name)
            ?? throw new ArgumentException($"The tokenizer has no special token '{name}'; instruction training needs it.", nameof(tokenizer));
        (_begin, _user, _assistant, EndToken) = (Special("<|bos|>"), Special("<|user|>"), Special("<|assistant|>"), Special("<|end|>"));
    }

    /// <summary>Id of <c>&lt;|end|&gt;</c>.</summary>
    public int EndToken { get; }

    /// <summary>The prompt of a question: what generation starts from.</summary>
    /// <param name="question">Any text; special tokens inside it stay ordinary text.</param>
    public int[] Prompt(string question) => [_begin, _user, .. _tokenizer.EncodeText(question), _assistant];

    /// <summary>One training sequence for a question and its answer.</summary>
    /// <param name="id">Name of the record.</param>
    /// <param name="question">The question.</param>
    /// <param name="answer">The answer; the loss is on its tokens and on the end token.</param>
    public TrainingExample Question(string id, string question, string answer)
    {
        int[] prompt = Prompt(question);
        return new TrainingExample(id, [.. prompt, .. _tokenizer.EncodeText(answer), EndToken], prompt.Length);
    }

    /// <summary>The training sequences of a prose text: one per cut between two words in its second half.</summary>
    /// <param name="id">Name of the record.</param>
    /// <param name="text">The prose. A full stop at its end is not part of what is learned.</param>
    /// <returns>1 to <see cref="MaxCuts"/> sequences; the latest cuts where there are more.</returns>
    public IReadOnlyList<TrainingExample> Prose(string id, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.TrimEnd().TrimEnd('.').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2)
        {
            return [Question(id, "", text)];
        }

        int first = Math.Max((words.Length + 1) / 2, words.Length - MaxCuts);
        return [.. Enumerable.Range(first, words.Length - first).Select(cut => Question(id, string.Join(' ', words[..cut]), string.Join(' ', words[cut..])))];
    }
}
