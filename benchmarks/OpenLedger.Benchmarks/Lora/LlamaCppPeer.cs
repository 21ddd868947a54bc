using System.Runtime.InteropServices;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>llama.cpp on the processor through its C interface: what this package's inference is compared with.</summary>
/// <remarks>Its defaults, and a thread pool that lives as long as the context: without one llama.cpp starts its threads anew for every token.</remarks>
internal sealed unsafe class LlamaCppPeer : IInferenceRunner
{
    private const int MaxBatch = 512;
    private const int MaxRows = 8;
    private const int ThreadParameterBytes = 1024;

    private readonly int* _tokens = Allocate<int>(MaxBatch);
    private readonly int* _positions = Allocate<int>(MaxBatch);
    private readonly int* _counts = Allocate<int>(MaxBatch);
    private readonly int* _ids = Allocate<int>(MaxBatch);
    private readonly int** _sequences = (int**)Allocate<nint>(MaxBatch);
    private readonly sbyte* _wanted = Allocate<sbyte>(MaxBatch);
    private readonly int _vocabulary;
    private nint _model;
    private nint _context;
    private nint _threads;
    private int _position;

    /// <summary>Loads a model.</summary>
    /// <param name="path">A GGUF file.</param>
    /// <param name="vocabulary">Its vocabulary.</param>
    /// <param name="threads">Threads of a step.</param>
    public LlamaCppPeer(string path, int vocabulary, int threads)
    {
        if (LlamaCppLibrary.UnavailableReason is string reason)
        {
            throw new InvalidOperationException(reason);
        }

        _vocabulary = vocabulary;
        LlamaCppLibrary.ModelParameters model = LlamaCppLibrary.DefaultModelParameters();
        model.GpuLayers = 0;
        _model = LlamaCppLibrary.LoadModel(path, model);
        LlamaCppLibrary.ContextParameters context = LlamaCppLibrary.DefaultContextParameters();
        context.Context = MaxRows * MaxBatch;
        context.BatchSize = MaxBatch;
        context.MicroBatchSize = MaxBatch;
        context.MaxSequences = MaxRows;
        context.Threads = threads;
        context.BatchThreads = threads;
        context.UnifiedCache = 1;
        _context = _model == 0 ? 0 : LlamaCppLibrary.CreateContext(_model, context);
        if (_context == 0)
        {
            throw new InvalidOperationException($"llama.cpp does not load '{path}'.");
        }

        if (threads > 1)
        {
            byte* parameters = stackalloc byte[ThreadParameterBytes];
            LlamaCppLibrary.InitializeThreads(parameters, threads);
            _threads = LlamaCppLibrary.CreateThreads(parameters);
            LlamaCppLibrary.AttachThreads(_context, _threads, _threads);
        }

        for (int i = 0; i < MaxBatch; i++)
        {
            _counts[i] = 1;
            _sequences[i] = _ids + i;
        }
    }

    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens)
    {
        BeginRows(1);
        while (!tokens.IsEmpty)
        {
            int count = Math.Min(tokens.Length, MaxBatch);
            for (int i = 0; i < count; i++)
            {
                _tokens[i] = tokens[i];
                _positions[i] = _position++;
                _ids[i] = 0;
                _wanted[i] = (sbyte)(i == tokens.Length - 1 ? 1 : 0);
            }

            Run(count);
            tokens = tokens[count..];
        }

        return Logits(-1);
    }

    public ReadOnlySpan<float> Decode(int token) => DecodeRows([token]);

    public void BeginRows(int count)
    {
        LlamaCppLibrary.ClearMemory(LlamaCppLibrary.GetMemory(_context), data: false);
        _position = 0;
    }

    public ReadOnlySpan<float> DecodeRows(scoped ReadOnlySpan<int> tokens)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            _tokens[i] = tokens[i];
            _positions[i] = _position;
            _ids[i] = i;
            _wanted[i] = 1;
        }

        _position++;
        Run(tokens.Length);
        return Logits(tokens.Length - 1);
    }

    public void Rest()
    {
        if (_threads != 0)
        {
            LlamaCppLibrary.PauseThreads(_threads);
        }
    }

    public void Dispose()
    {
        if (_context == 0)
        {
            return;
        }

        LlamaCppLibrary.FreeContext(_context);
        LlamaCppLibrary.FreeModel(_model);
        if (_threads != 0)
        {
            LlamaCppLibrary.FreeThreads(_threads);
        }

        _context = _model = _threads = 0;
        foreach (nint memory in (ReadOnlySpan<nint>)[(nint)_tokens, (nint)_positions, (nint)_counts, (nint)_ids, (nint)_sequences, (nint)_wanted])
        {
            NativeMemory.Free((void*)memory);
        }
    }

    private static T* Allocate<T>(int count)
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));

    private void Run(int count)
    {
        int result = LlamaCppLibrary.Decode(_context, new LlamaCppLibrary.Batch
        {
            Count = count,
            Tokens = _tokens,
            Positions = _positions,
            SequenceCounts = _counts,
            Sequences = _sequences,
            WantLogits = _wanted,
        });
        if (result != 0)
        {
            throw new InvalidOperationException($"llama.cpp failed with {result}.");
        }
    }

    /// <summary>Waits for the step, too.</summary>
    private ReadOnlySpan<float> Logits(int row) => new(LlamaCppLibrary.GetLogits(_context, row), _vocabulary);
}
