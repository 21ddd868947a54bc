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

    /// <summary>The prompt that asks for an exercise on a text: a question in other words, and its answer.</summary>
    /// <param name="source">Prose, or a question followed by its answer.</param>
    /// <remarks>
    /// The form is <c>&lt;|bos|&gt;&lt;|user|&gt;source&lt;|user|&gt;</c>, to be continued by <c>question&lt;|assistant|&gt;answer&lt;|end|&gt;</c>. A model must
    /// have been trained on it (<see cref="Exercise"/>) to continue it sensibly.
    /// </remarks>
    public int[] ExercisePrompt(string source) => [_begin, _user, .. _tokenizer.EncodeText(source), _user];

    /// <summary>One training sequence that teaches to write exercises; the loss is on question, answer and end.</summary>
    /// <param name="id">Name of the record.</param>
    /// <param name="source">Prose, or a question followed by its answer.</param>
    /// <param name="question">The same fact asked in other words.</param>
    /// <param name="answer">The answer.</param>
    public TrainingExample Exercise(string id, string source, string question, string answer)
    {
        int[] prompt = ExercisePrompt(source);
        return new TrainingExample(
            id, [.. prompt, .. _tokenizer.EncodeText(question), _assistant, .. _tokenizer.EncodeText(answer), EndToken], prompt.Length);
    }

    /// <summary>Reads what a model wrote after <see cref="ExercisePrompt"/>.</summary>
    /// <param name="tokens">The tokens up to, without, the end token.</param>
    /// <returns>Question and answer, or <see langword="null"/> where the tokens are not of that form.</returns>
    public (string Question, string Answer)? ReadExercise(ReadOnlySpan<int> tokens)
    {
        int split = tokens.IndexOf(_assistant);
        if (split <= 0 || split == tokens.Length - 1 || tokens[(split + 1)..].ContainsAny(_assistant, _user, _begin) || tokens[..split].ContainsAny(_user, _begin))
        {
            return null;
        }

        return (_tokenizer.Decode(tokens[..split]), _tokenizer.Decode(tokens[(split + 1)..]));
    }

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
