using System.Diagnostics;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpenLedger.Lora.Training.FineTuning;

/// <summary>The state of one fine-tuning run and its synchronous loop; <see cref="FineTuner"/> puts it on a pool thread.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const int EvaluationBatch = 64;
    private const double FinalLearningRateShare = 0.1;

    private readonly TorchDecoder _model;
    private readonly FineTuningOptions _options;
    private readonly TrainingExample[] _train;
    private readonly TrainingExample[] _heldOut;
    private readonly Parameter[] _parameters;
    private readonly OptimizerHelper _optimizer;
    private readonly Random _order;
    private readonly int _stepsPerEpoch;
    private readonly int _totalSteps;

    public TrainingRun(TorchDecoder model, FineTuningOptions options, TrainingExample[] train, TrainingExample[] heldOut)
    {
        (_model, _options, _train, _heldOut) = (model, options, train, heldOut);
        _stepsPerEpoch = (int)(((long)train.Length + options.BatchSize - 1) / options.BatchSize);
        long steps = Math.Min((long)_stepsPerEpoch * options.Epochs, options.MaxSteps ?? long.MaxValue);
        if (steps > int.MaxValue)
        {
            throw new ArgumentException($"{steps} steps are more than {int.MaxValue}; lower Epochs, raise BatchSize or set MaxSteps.", nameof(options));
        }

        _totalSteps = (int)steps;
        _order = new Random(options.Seed);
        Adapter = options.StartFrom is { } start ? Continued(model, start) : NewAdapter(model, options);
        _parameters = [.. Adapter.Pairs.Values.SelectMany(p => new[] { (Parameter)p.A, (Parameter)p.B })];
        _optimizer = options.Optimizer == TrainingOptimizer.Sgd
            ? optim.SGD(_parameters, options.LearningRate, weight_decay: options.WeightDecay)
            : optim.AdamW(_parameters, options.LearningRate, weight_decay: options.WeightDecay);
    }

    public TorchLora Adapter { get; }

    public IEnumerable<TrainingEvent> Events(CancellationToken cancellationToken)
    {
        int stepsPerEpoch = _stepsPerEpoch, total = _totalSteps;
        yield return new TrainingStarted(total, _parameters.Sum(p => p.numel()), HeldOutLoss(cancellationToken));

        Stopwatch clock = Stopwatch.StartNew();
        int[] order = [.. Enumerable.Range(0, _train.Length)];
        double epochLoss = 0;
        for (int step = 0; step < total; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int inEpoch = step % stepsPerEpoch;
            if (inEpoch == 0)
            {
                _order.Shuffle(order);
                epochLoss = 0;
            }

            int start = inEpoch * _options.BatchSize;
            TrainingExample[] examples = [.. order[start..Math.Min(start + _options.BatchSize, order.Length)].Select(i => _train[i])];
            double rate = LearningRate(step, total);
            (double loss, int tokens) = Step(examples, rate);
            epochLoss += loss;
            yield return new TrainingStepCompleted(step + 1, total, loss, rate, tokens, clock.Elapsed);
            if (inEpoch == stepsPerEpoch - 1 || step == total - 1)
            {
                yield return new TrainingEpochCompleted((step / stepsPerEpoch) + 1, epochLoss / (inEpoch + 1));
            }
        }

        yield return new TrainingCompleted(HeldOutLoss(cancellationToken), clock.Elapsed);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        Adapter.Dispose();
    }

    /// <summary>A ~ U(±1/√in) (Kaiming uniform with a = √5, as PEFT starts it) and B = 0, so the untrained adapter changes nothing.</summary>
    private static TorchLora NewAdapter(TorchDecoder model, FineTuningOptions options)
    {
        // The scope releases what was made when a later module throws, and keeps a scope of the caller from owning the weights.
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new((ulong)options.Seed);
        TorchLora adapter = new();
        foreach ((string module, (int outFeatures, int inFeatures)) in model.Linears)
        {
            if (!options.Lora.Targets(module))
            {
                continue;
            }

            int rank = options.Lora.RankOf(module);
            Tensor start = ((rand([rank, inFeatures], generator: generator) * 2) - 1) / Math.Sqrt(inFeatures);
            adapter.Add(module, new TorchLoraPair(new Parameter(start), new Parameter(zeros(outFeatures, rank)), options.Lora.ScalingOf(module)));
        }

        if (adapter.Pairs.Count == 0)
        {
            throw new ArgumentException(
                $"Target modules {options.Lora.TargetModules} match no linear of the model; {string.Join(", ", model.Linears.Keys.Select(m => m[(m.LastIndexOf('.') + 1)..]).Distinct())} exist.",
                nameof(options));
        }

        scope.Detach(adapter.Pairs.Values.SelectMany(p => new[] { p.A, p.B }));
        return adapter;
    }

    private static TorchLora Continued(TorchDecoder model, LoraAdapter start)
    {
        using DisposeScope scope = NewDisposeScope();
        using TorchLora copy = TorchLora.From(start);
        model.RequireFit(copy);
        TorchLora adapter = new();
        foreach ((string module, TorchLoraPair pair) in copy.Pairs)
        {
            adapter.Add(module, new TorchLoraPair(new Parameter(pair.A.clone()), new Parameter(pair.B.clone()), pair.Scaling));
        }

        scope.Detach(adapter.Pairs.Values.SelectMany(p => new[] { p.A, p.B }));
        return adapter;
    }

    private (double Loss, int Tokens) Step(TrainingExample[] examples, double rate)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = enable_grad();
        foreach (var group in _optimizer.ParamGroups)
        {
            group.LearningRate = rate;
        }

        using TrainingBatch batch = new(examples);
        _optimizer.zero_grad();
        Tensor loss = CausalLoss.Mean(_model, Adapter, batch);
        float value = loss.item<float>();
        if (!float.IsFinite(value))
        {
            // Before the update, so that the adapter keeps its last finite weights.
            throw new NotFiniteNumberException(
                $"The loss is {value} at the learning rate {rate}: training has diverged; lower LearningRate, now {_options.LearningRate}.", value);
        }

        loss.backward();
        if (double.IsFinite(_options.MaxGradientNorm))
        {
            nn.utils.clip_grad_norm_(_parameters, _options.MaxGradientNorm);
        }

        _optimizer.step();
        return (value, batch.Tokens);
    }

    /// <summary>Mean over the predictions that count, whatever the batch they fell into.</summary>
    private double? HeldOutLoss(CancellationToken cancellationToken)
    {
        if (_heldOut.Length == 0)
        {
            return null;
        }

        double sum = 0;
        long count = 0;
        foreach (TrainingExample[] examples in _heldOut.Chunk(EvaluationBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGrad = no_grad();
            using TrainingBatch batch = new(examples);
            sum += CausalLoss.Mean(_model, Adapter, batch).item<float>() * batch.LossTokens;
            count += batch.LossTokens;
        }

        return sum / count;
    }

    private double LearningRate(int step, int total)
    {
        int warmup = (int)(total * _options.WarmupShare);
        if (step < warmup)
        {
            return _options.LearningRate * (step + 1) / warmup;
        }

        if (_options.Schedule == LearningRateSchedule.Constant)
        {
            return _options.LearningRate;
        }

        double progress = (double)(step - warmup) / Math.Max(1, total - warmup);
        return _options.LearningRate * (FinalLearningRateShare + ((1 - FinalLearningRateShare) * 0.5 * (1 + Math.Cos(Math.PI * progress))));
    }
}
