using System.Runtime.CompilerServices;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;

namespace OpenLedger.Lora.Training.FineTuning;

/// <summary>Fine-tunes a LoRA adapter on a frozen base model and reports progress as a stream of events.</summary>
/// <remarks>
/// One instance trains once and belongs to one caller at a time. It does not own the base model. Leaving the event loop early, or
/// cancelling, stops training between two steps; <see cref="Adapter"/> then holds the weights of the last step until this object is
/// disposed, which must not happen while a step is awaited. Nothing is written to disk by this class. The same seed, examples, options
/// and number of threads give the same adapter on the same machine.
/// </remarks>
public sealed class FineTuner : IDisposable
{
    private readonly TrainingRun _run;
    private bool _started;
    private bool _disposed;
    private int _iterations;

    /// <summary>Prepares training.</summary>
    /// <param name="model">The frozen base. Not disposed; it must outlive this object.</param>
    /// <param name="options">Validated and copied.</param>
    /// <param name="train">At least one example; the order matters to reproducibility only.</param>
    /// <param name="heldOut">Examples whose loss is measured before and after; may be empty.</param>
    /// <exception cref="ArgumentException">
    /// An option is out of range, there is no training example, or an example or <see cref="FineTuningOptions.StartFrom"/> does not fit the model.
    /// </exception>
    public FineTuner(TorchDecoder model, FineTuningOptions options, IReadOnlyList<TrainingExample> train, IReadOnlyList<TrainingExample> heldOut)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(heldOut);
        options.Validate();
        if (train.Count == 0)
        {
            throw new ArgumentException("There is nothing to train on; give at least one example.", nameof(train));
        }

        _run = new TrainingRun(model, options, Checked(train, nameof(train), model.Description), Checked(heldOut, nameof(heldOut), model.Description));
    }

    /// <summary>The adapter as it stands: untrained before, trained after the event stream has ended. Owned by this object.</summary>
    public TorchLora Adapter => _run.Adapter;

    /// <summary>Trains. Each step runs on a pool thread; the events arrive in order.</summary>
    /// <param name="cancellationToken">Ends training between two steps.</param>
    /// <exception cref="InvalidOperationException">The instance has trained before, or its event stream is read a second time.</exception>
    /// <exception cref="ObjectDisposedException">The instance is disposed.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <exception cref="NotFiniteNumberException">Training diverged: a loss became NaN or infinite. The weights before it are kept.</exception>
    public IAsyncEnumerable<TrainingEvent> TrainAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_started)
        {
            throw AlreadyTrained();
        }

        _started = true;
        return Iterate(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _run.Dispose();
        }
    }

    private static InvalidOperationException AlreadyTrained() => new("This fine-tuner has trained already; create a new one for another run.");

    /// <summary>A copy of the examples, after all of them were found to fit the model: a fault in the last one must not cost an hour first.</summary>
    private static TrainingExample[] Checked(IReadOnlyList<TrainingExample> examples, string parameter, DecoderDescription description)
    {
        TrainingExample[] copy = [.. examples];
        foreach (TrainingExample example in copy)
        {
            string? fault = TrainingBatch.FindFault(example);
            if (fault is null && example.Tokens.Count - 1 > description.MaxPositions)
            {
                fault = $"Example '{example.Id}' has {example.Tokens.Count} tokens; the model takes at most {description.MaxPositions + 1} with the last, so shorten it";
            }
            else if (fault is null && example.Tokens.Max() >= description.VocabularySize)
            {
                fault = $"Example '{example.Id}' holds the token {example.Tokens.Max()}; the model's vocabulary ends at {description.VocabularySize - 1}";
            }

            if (fault is not null)
            {
                throw new ArgumentException(fault + ".", parameter);
            }
        }

        return copy;
    }

    private async IAsyncEnumerable<TrainingEvent> Iterate([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _iterations) > 1)
        {
            throw AlreadyTrained();
        }

        using IEnumerator<TrainingEvent> events = _run.Events(cancellationToken).GetEnumerator();

        // TorchSharp's scopes are bound to a thread: each event's work starts and ends inside one synchronous call.
        while (await Task.Run(events.MoveNext, cancellationToken).ConfigureAwait(false))
        {
            yield return events.Current;
            ObjectDisposedException.ThrowIf(_disposed, this);
        }
    }
}
