using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenLedger.Chain;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;
using OpenLedger.Hosting.ChatClients;
using Polly;
using Polly.Retry;

namespace OpenLedger.Hosting;

/// <summary>Makes receipts of calls, keeps them, and settles them together.</summary>
/// <remarks>
/// <para>
/// Receipts wait in memory: those that were not settled when the process ends are lost, and nobody is paid for them. A receipt's id contains
/// a nonce made from the ledger's epoch and a count of the receipts made since. So equal calls are paid each, while an equal run on a fresh
/// ledger gives equal receipts. Let one process at a time serve a ledger, or give every call a nonce of its own
/// (<see cref="PaidInference.NonceKey"/>): two processes that make equal receipts at the same epoch are paid once.
/// </para>
/// <para>
/// A ledger that is busy is tried up to four times, with growing pauses of about 0.2 seconds and up. That is safe because settling leaves out
/// receipts that the ledger has already; no other fault is tried again. Thread-safe.
/// </para>
/// </remarks>
[SuppressMessage("Naming", "CA1711", Justification = "It is a queue of receipts, not a collection type.")]
public sealed partial class SettlementQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _settling = new(1);
    private readonly Dictionary<Bytes32, AttributedReceipt> _pending = [];
    private readonly ILedger _ledger;
    private readonly ISigner _signer;
    private readonly SettlementEngine _engine;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retry;
    private LedgerIdentity? _identity;
    private ulong _epoch;
    private ulong _index;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="ledger">Where receipts are settled. Not disposed.</param>
    /// <param name="operatorSigner">The key of the ledger's operator.</param>
    /// <param name="terms">What calls cost and who gets which part.</param>
    /// <param name="timeProvider">Dates receipts; the system's clock when null.</param>
    /// <param name="loggerFactory">For logs, which hold no prompts and answers; none when null.</param>
    /// <exception cref="ArgumentException">The terms are invalid.</exception>
    public SettlementQueue(
        ILedger ledger, ISigner operatorSigner, ModelTerms terms, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(operatorSigner);
        ArgumentNullException.ThrowIfNull(terms);
        terms.Validate();
        _ledger = ledger;
        _signer = operatorSigner;
        Terms = terms;
        _engine = new SettlementEngine(ledger, operatorSigner);
        _timeProvider = timeProvider ?? TimeProvider.System;
        loggerFactory ??= NullLoggerFactory.Instance;
        _logger = loggerFactory.CreateLogger<SettlementQueue>();
        _retry = new ResiliencePipelineBuilder { Name = "openledger.settlement" }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<ChainException>(fault => fault.Error == ChainError.LedgerBusy),
                MaxRetryAttempts = 3,
                Delay = TimeSpan.FromSeconds(0.2),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .ConfigureTelemetry(loggerFactory)
            .Build();
    }

    /// <summary>What calls cost and who gets which part.</summary>
    public ModelTerms Terms { get; }

    /// <summary>Number of receipts that are not settled yet.</summary>
    public int PendingCount
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>Returns the receipts that are not settled yet, sorted by inference id.</summary>
    public IReadOnlyList<AttributedReceipt> GetPending()
    {
        lock (_gate)
        {
            return [.. _pending.Values.OrderBy(receipt => receipt.SignedReceipt.Receipt.InferenceId)];
        }
    }

    /// <summary>Settles everything that is pending as one epoch. What is queued meanwhile waits for the next.</summary>
    /// <param name="cancellationToken">Cancels before the batch is posted.</param>
    /// <returns>What was settled, and everybody's claims; without an epoch where nothing was pending.</returns>
    /// <exception cref="ChainException">The ledger rejects the batch, stays busy or is damaged; the receipts stay queued.</exception>
    public async Task<SettlementResult> SettleAsync(CancellationToken cancellationToken = default)
    {
        await _settling.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<AttributedReceipt> receipts = GetPending();
            using Activity? activity = OpenLedgerTelemetry.Source.StartActivity("openledger.settle");
            SettlementResult result = await _retry.ExecuteAsync(
                async token => await _engine.SettleAsync([Terms], receipts, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                foreach (AttributedReceipt receipt in receipts)
                {
                    _pending.Remove(receipt.SignedReceipt.Receipt.InferenceId);
                }

                if (result.Epoch is SettledEpoch epoch)
                {
                    (_epoch, _index) = (epoch.Number, 0);
                }
            }

            if (result.Epoch is not null)
            {
                OpenLedgerTelemetry.SettledReceipts.Add(result.Epoch.Receipts.Count);
                LogSettled(result.Epoch.Receipts.Count, result.Epoch.Number, result.Epoch.Gross);
            }

            if (result.AlreadySettled.Count > 0)
            {
                LogAlreadySettled(result.AlreadySettled.Count);
            }

            return result;
        }
        finally
        {
            _settling.Release();
        }
    }

    /// <summary>Releases the queue. Receipts that are still pending are lost, which is logged as a warning.</summary>
    public void Dispose()
    {
        _settling.Dispose();
        if (PendingCount is int lost and > 0)
        {
            LogLost(lost);
        }
    }

    /// <summary>Reads the ledger once, so that its faults show before an answer is computed.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_identity is not null)
            {
                return;
            }
        }

        LedgerState state = await _retry.ExecuteAsync(
            async token => await _ledger.ReadAsync(token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        if (state.Identity.Operator != _signer.Address)
        {
            throw new InvalidOperationException(
                $"The ledger's operator is {state.Identity.Operator}, the signer {_signer.Address}; give the queue the operator's key.");
        }

        lock (_gate)
        {
            if (_identity is null)
            {
                (_identity, _epoch, _index) = (state.Identity, state.Epoch, 0);
            }
        }
    }

    /// <summary>Makes, signs and queues the receipt of a call that has all its parts.</summary>
    internal SignedReceipt Issue(InferenceCall call)
    {
        UInt128 fee = Terms.Price.FeeFor(call.TokensIn, call.TokensOut);
        if (call.FeeWei != fee)
        {
            throw new InvalidOperationException(
                $"Metering charges {call.FeeWei} wei, the queue's terms {fee} wei for the same call; give both the same prices.");
        }

        Bytes32 adapterSetHash = call.Provenance?.AdapterHash ?? default;
        Bytes32 promptHash = Bytes32.HashOf(call.Question);
        Bytes32 outputHash = Bytes32.HashOf(call.Answer);
        ulong timestamp = checked((ulong)_timeProvider.GetUtcNow().ToUnixTimeSeconds());

        // One lock around counting, signing and queueing: a count that was used is always queued.
        lock (_gate)
        {
            LedgerIdentity identity = _identity ?? throw new InvalidOperationException("The queue was not prepared.");
            Bytes32 nonce = call.Nonce is null ? InferenceIdentity.NonceAt(_epoch, _index) : InferenceIdentity.NonceOf(call.Nonce);
            Bytes32 id = InferenceIdentity.CreateId(Terms.ModelId, adapterSetHash, promptHash, outputHash, call.TokensIn, call.TokensOut, nonce);
            if (_pending.TryGetValue(id, out AttributedReceipt? repeated))
            {
                return repeated.SignedReceipt;
            }

            SignedReceipt signed = SignedReceipt.Sign(
                new InferenceReceipt
                {
                    InferenceId = id,
                    ModelId = Terms.ModelId,
                    AdapterSetHash = adapterSetHash,
                    PromptHash = promptHash,
                    OutputHash = outputHash,
                    TokensIn = call.TokensIn,
                    TokensOut = call.TokensOut,
                    Gross = fee,
                    AttributionRoot = call.Attribution!.Root,
                    Timestamp = timestamp,
                },
                identity,
                _signer);
            _pending.Add(id, new AttributedReceipt(signed, call.Attribution));
            if (call.Nonce is null)
            {
                _index++;
            }

            return signed;
        }
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Settled {Receipts} receipts as epoch {Epoch}: {GrossWei} wei.")]
    private partial void LogSettled(int receipts, ulong epoch, UInt128 grossWei);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "Left out {Receipts} receipts that an earlier epoch had settled.")]
    private partial void LogAlreadySettled(int receipts);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "The queue is disposed with {Receipts} receipts that were never settled; settle before.")]
    private partial void LogLost(int receipts);
}
