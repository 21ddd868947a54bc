using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Influence;
using OpenLedger.Attribution.Reports;
using OpenLedger.Attribution.Rewards;
using OpenLedger.Attribution.Spans;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;

namespace OpenLedger.Attribution.Answers;

/// <summary>Attributes the answers of one adapter to the records it was trained on: influence, verbatim spans and integer shares.</summary>
/// <remarks>
/// The gradients of all training records are taken once, at construction, and held in memory (4 bytes per record and adapter weight).
/// An answer then costs one backward pass and one product with that matrix. Calls are serialised by a lock, because the model is shared;
/// so the object is safe for concurrent use as long as nothing else uses the model and the adapter at the same time. Owns neither.
/// </remarks>
public sealed class AnswerAttributor
{
    /// <summary>Bounds the memory of query gradients; a query's scores do not depend on which others are scored with it.</summary>
    private const int QueriesAtOnce = 64;

    private readonly Lock _gate = new();
    private readonly LoraGradients _gradients;
    private readonly InstructionEncoder _encoder;
    private readonly AnswerAttributorOptions _options;
    private readonly TextCorpus _corpus;
    private readonly GradientProducts _trainProducts;

    /// <summary>Takes the gradients of all sources.</summary>
    /// <param name="model">The frozen base. Not disposed.</param>
    /// <param name="adapter">The trained adapter. Not disposed.</param>
    /// <param name="encoder">Encodes questions and answers as in training.</param>
    /// <param name="sources">At least one record; ids are unique.</param>
    /// <param name="options">Settings; the defaults when null.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="ArgumentException">There is no source, an id repeats, or a source has no example.</exception>
    public AnswerAttributor(
        TorchDecoder model, TorchLora adapter, InstructionEncoder encoder,
        IReadOnlyList<AttributionSource> sources, AnswerAttributorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(sources);
        if (sources.Count == 0)
        {
            throw new ArgumentException("There is nothing to attribute to; give at least one source.", nameof(sources));
        }

        if (sources.GroupBy(s => s.RecordId, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Record '{twice.Key}' occurs {twice.Count()} times; each record is a source once.", nameof(sources));
        }

        _options = options ?? new AnswerAttributorOptions();
        _options.Validate();
        _encoder = encoder;
        _gradients = new LoraGradients(model, adapter, _options.BatchSize);
        Sources = [.. sources];
        _corpus = new TextCorpus(Sources.Select(s => s.Text));
        GradientMatrix train = _gradients.ComputeMeans([.. Sources.Select(s => s.Examples)], cancellationToken);
        _trainProducts = GradientProducts.Compute(train, new GradientMatrix(train.Layout, 0), ProductDetail.PerBlock, cancellationToken);
    }

    /// <summary>The records, in the order of the scores.</summary>
    public IReadOnlyList<AttributionSource> Sources { get; }

    /// <summary>Attributes one answer.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="answer">What the adapter answered; may be empty.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>Every record with its influence and weight, and the spans of the answer.</returns>
    public AttributionReport Attribute(string question, string answer, CancellationToken cancellationToken = default)
    {
        InfluenceScores scores = Score([(question, answer)], _options.Method, cancellationToken);
        RecordInfluence[] influences = [.. Sources.Select((source, i) => new RecordInfluence(source.RecordId, source.Contributor, scores[0, i]))];
        return AttributionReport.Create(
            question, answer, _options.Method.Name, influences,
            RewardAllocation.Allocate(influences, _options.Rewards), _corpus.Match(answer, _options.Spans));
    }

    /// <summary>Scores many answers with one method.</summary>
    /// <param name="answers">Questions and answers.</param>
    /// <param name="method">Any influence method.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns><c>[answers, sources]</c>; above 0 means that the record helped the answer.</returns>
    public InfluenceScores Score(
        IReadOnlyList<(string Question, string Answer)> answers, IInfluenceMethod method, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Score(answers, [method], cancellationToken)[0];
    }

    /// <summary>Scores many answers with several methods; the gradients are taken once.</summary>
    /// <param name="answers">Questions and answers.</param>
    /// <param name="methods">Influence methods.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>One result per method, each <c>[answers, sources]</c>.</returns>
    /// <exception cref="ArgumentException">There is no answer, or one is too long for the model.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public IReadOnlyList<InfluenceScores> Score(
        IReadOnlyList<(string Question, string Answer)> answers, IReadOnlyList<IInfluenceMethod> methods, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(methods);
        if (answers.Count == 0)
        {
            throw new ArgumentException("There is nothing to score; give at least one answer.", nameof(answers));
        }

        lock (_gate)
        {
            List<InfluenceScores[]> parts = [];
            foreach ((string Question, string Answer)[] chunk in answers.Chunk(QueriesAtOnce))
            {
                GradientMatrix queries = _gradients.Compute([.. chunk.Select(a => _encoder.Question("query", a.Question, a.Answer))], cancellationToken);
                GradientProducts products = _trainProducts.WithQueries(queries, cancellationToken);
                parts.Add([.. methods.Select(method => method.Score(products))]);
            }

            return [.. methods.Select((_, i) => InfluenceScores.Concatenate([.. parts.Select(part => part[i])]))];
        }
    }
}
