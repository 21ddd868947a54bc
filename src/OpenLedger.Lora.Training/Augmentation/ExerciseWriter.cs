using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Training.Data;

namespace OpenLedger.Lora.Training.Augmentation;

/// <summary>Lets a base model ask each contributed text in several ways before it is fine-tuned on them.</summary>
/// <remarks>
/// A fact that a language model has seen in one wording only is recalled in that wording only; seen in several, it becomes knowledge that
/// other questions reach (Allen-Zhu and Li, "Physics of Language Models: Part 3.1", arXiv 2309.14316). The wordings come from the base
/// model, never from the questions that are asked later. An exercise is kept only if its answer stands in the text, or is the given
/// answer, word for word; what the model makes up is dropped. Thread-safe; deterministic for one seed.
/// </remarks>
public sealed class ExerciseWriter
{
    private readonly CausalLM _model;
    private readonly InstructionEncoder _encoder;
    private readonly ExerciseWriterOptions _options;

    /// <summary>Prepares a writer.</summary>
    /// <param name="model">A base model that was trained to write exercises; see <see cref="InstructionEncoder.Exercise"/>.</param>
    /// <param name="encoder">The encoder of the same model.</param>
    /// <param name="options">Validated; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ExerciseWriter(CausalLM model, InstructionEncoder encoder, ExerciseWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(encoder);
        _options = options ?? new ExerciseWriterOptions();
        _options.Validate();
        (_model, _encoder) = (model, encoder);
    }

    /// <summary>Writes exercises for many texts, in parallel.</summary>
    /// <param name="texts">
    /// Each text, and the answer that every exercise on it must have; <see langword="null"/> for prose, where any part of the text may be the answer.
    /// </param>
    /// <param name="cancellationToken">Looked at between texts.</param>
    /// <returns>For each text its exercises, in the order in which they were written, without repetitions; possibly none.</returns>
    public IReadOnlyList<IReadOnlyList<Exercise>> Write(IReadOnlyList<(string Text, string? Answer)> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        IReadOnlyList<Exercise>[] exercises = new IReadOnlyList<Exercise>[texts.Count];
        Parallel.For(
            0, texts.Count, new ParallelOptions { CancellationToken = cancellationToken },
            i => exercises[i] = WriteFor(texts[i].Text, texts[i].Answer, i, cancellationToken));
        return exercises;
    }

    private List<Exercise> WriteFor(string text, string? answer, int position, CancellationToken cancellationToken)
    {
        int[] prompt = _encoder.ExercisePrompt(text);
        List<Exercise> exercises = [];
        if (prompt.Length + _options.MaxTokens > _model.Description.MaxPositions)
        {
            return exercises; // a text this long leaves no room to ask about it
        }

        DecodeSession session = _model.CreateSession();
        for (int attempt = 0; attempt < _options.Attempts; attempt++)
        {
            session.Rewind(0);
            int[] written = [.. session.Generate(
                prompt,
                new GenerationOptions
                {
                    MaxTokens = _options.MaxTokens,
                    Temperature = _options.Temperature,
                    TopP = _options.TopP,
                    Seed = ((long)_options.Seed << 32) ^ ((long)position * 64) ^ attempt,
                    StopTokens = [_encoder.EndToken],
                },
                cancellationToken)];
            if (_encoder.ReadExercise(written) is var (question, given)
                && NamesOccur(question, text)
                && (answer is null ? text.Contains(given, StringComparison.Ordinal) : given == answer)
                && !exercises.Exists(e => e.Question == question))
            {
                exercises.Add(new Exercise(question, given));
            }
        }

        return KeepConsistent(text, answer, exercises, cancellationToken);
    }

    /// <summary>
    /// Drops questions that ask for something else. A rewording can be reworded back: given the exercise as a text, the model finds the first
    /// question likely. From a question that drifted to another relation it would have to drift back.
    /// </summary>
    private List<Exercise> KeepConsistent(string text, string? answer, List<Exercise> exercises, CancellationToken cancellationToken)
    {
        if (exercises.Count < 2)
        {
            return exercises;
        }

        // The way back leads to the contributed question; prose has none, so there it leads to the exercise that follows from it most likely.
        string reference = answer is not null && text.EndsWith(answer, StringComparison.Ordinal)
            ? text[..^answer.Length].TrimEnd()
            : exercises.MaxBy(e => LogProbability(text, e.Question, cancellationToken))!.Question;
        double[] back = [.. exercises.Select(e => LogProbability($"{e.Question} {e.Answer}", reference, cancellationToken))];
        double least = back.Max() - _options.MaxDrift;
        return [.. exercises.Where((_, i) => back[i] >= least)];
    }

    /// <summary>Log-probability, in nats, of writing a question as an exercise on a text.</summary>
    private double LogProbability(string text, string question, CancellationToken cancellationToken)
    {
        int[] prompt = _encoder.ExercisePrompt(text);
        TrainingExample exercise = _encoder.Exercise("", text, question, "");
        if (exercise.Tokens.Count > _model.Description.MaxPositions)
        {
            return double.NegativeInfinity;
        }

        // The end token stays out: what counts is the question and the mark that ends it.
        double[] all = _model.ComputeLogProbabilities([.. exercise.Tokens.SkipLast(1)], adapter: null, cancellationToken);
        return all.AsSpan(prompt.Length - 1).ToArray().Sum();
    }

    /// <summary>
    /// Whether every name and number of the question stands in the text: a word after the first that begins with a capital letter or holds a
    /// digit. A small model that garbles a name would otherwise teach facts about somebody else.
    /// </summary>
    internal static bool NamesOccur(string question, string text)
    {
        HashSet<string> words = [.. Words(text)];
        return Words(question).Skip(1).All(word => !(char.IsUpper(word[0]) || word.Any(char.IsDigit)) || words.Contains(word));

        static IEnumerable<string> Words(string sentence) => sentence
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Trim('?', '.', ',', ':', ';', '!', '"'))
            .Select(word => word.EndsWith("'s", StringComparison.Ordinal) ? word[..^2] : word)
            .Where(word => word.Length > 0);
    }
}
