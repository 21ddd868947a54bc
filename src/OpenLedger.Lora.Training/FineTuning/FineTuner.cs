using System.Runtime.CompilerServices;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;

namespace OpenLedger.Lora.Training.FineTuning;

/// <summary>Fine-tunes a LoRA adapter on a frozen base model and reports progress as a stream of events.</summary>
/// <remarks>
/// One instance trains once. It does not own the base model. Leaving the event loop early, or cancelling, stops training between two
/// steps and releases everything but the base; nothing is written to disk by this class.
/// </remarks>
public sealed class FineTuner : IDisposable
{
    private readonly TrainingRun _run;
    private bool _started;

    /// <summary>Prepares training.</summary>
    /// <param name="model">The frozen base. Not disposed; it must outlive this object.</param>
    /// <param name="options">Validated and copied.</param>
    /// <param name="train">At least one example; the order matters to reproducibility only.</param>
    /// <param name="heldOut">Examples whose loss is measured before and after; may be empty.</param>
    /// <exception cref="ArgumentException">An option is out of range, or there is no training example.</exception>
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

        _run = new TrainingRun(model, options, [.. train], [.. heldOut]);
    }

    /// <summary>The adapter as it stands: untrained before, trained after the event stream has ended. Owned by this object.</summary>
    public TorchLora Adapter => _run.Adapter;

    /// <summary>Trains. Each step runs on a pool thread; the events arrive in order.</summary>
    /// <param name="cancellationToken">Ends training between two steps.</param>
    /// <exception cref="InvalidOperationException">The instance has trained before.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public IAsyncEnumerable<TrainingEvent> TrainAsync(CancellationToken cancellationToken = default)
    {
        if (_started)
        {
            throw new InvalidOperationException("This fine-tuner has trained already; create a new one for another run.");
        }

        _started = true;
        return Iterate(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _run.Dispose();

    private async IAsyncEnumerable<TrainingEvent> Iterate([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IEnumerator<TrainingEvent> events = _run.Events(cancellationToken).GetEnumerator();

        // TorchSharp's scopes are bound to a thread: each event's work starts and ends inside one synchronous call.
        while (await Task.Run(events.MoveNext, cancellationToken).ConfigureAwait(false))
        {
            yield return events.Current;
        }
    }
}
