using System.Buffers;
using System.Numerics.Tensors;
using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>
/// Attention of rows over the cached keys and values of their sequences, page by page with a running softmax (Milakov and Gimelshein,
/// arXiv 1805.02867). Pages begin at fixed positions, so that a row gets bit-identical results whatever rows it runs beside.
/// </summary>
internal sealed class AttentionPass : ParallelWork
{
    /// <summary>Query rows of one part: keys of a page are read once for all of them.</summary>
    private const int QueryRows = 32;

    /// <summary>So that a thread which is interrupted does not hold up the others.</summary>
    private const int PartsPerThread = 4;

    private readonly CausalLM _model;
    private readonly DecoderDescription _description;
    private readonly float[]? _slopes;
    private readonly bool _slopesBeforeScaling;
    private readonly float _scale;
    private readonly int _shared;
    private RowSegment[] _segments = [];
    private int _segmentCount;
    private int _layer;
    private int _parts;
    private float[] _queries = [];
    private float[] _attended = [];

    public AttentionPass(CausalLM model)
    {
        _model = model;
        _description = model.Description;
        _scale = (float)(_description.AttentionScale ?? (1 / Math.Sqrt(_description.HeadSize)));
        _shared = _description.HeadCount / _description.KeyValueHeadCount;
        if (_description.Alibi is AlibiDescription alibi)
        {
            _slopes = [.. Enumerable.Range(0, _description.HeadCount).Select(head => alibi.SlopeOf(head, _description.HeadCount))];
            _slopesBeforeScaling = alibi.BeforeScaling;
            if (_slopesBeforeScaling)
            {
                TensorPrimitives.Multiply(_slopes, _scale, _slopes);
            }
        }
    }

    /// <summary>Computes all rows of one layer, whose keys and values are in the caches.</summary>
    /// <param name="layer">Zero-based layer.</param>
    /// <param name="segments">Who owns which rows.</param>
    /// <param name="queries">Rotated, <c>[rows, heads, headSize]</c>.</param>
    /// <param name="attended">Receives <c>[rows, heads, headSize]</c>.</param>
    public void Run(int layer, ReadOnlySpan<RowSegment> segments, float[] queries, float[] attended)
    {
        if (_segments.Length < segments.Length)
        {
            _segments = new RowSegment[segments.Length];
        }

        segments.CopyTo(_segments);
        _segmentCount = segments.Length;
        _layer = layer;
        _queries = queries;
        _attended = attended;
        long work = 0;
        long items = 0;
        foreach (RowSegment segment in segments)
        {
            // Two products of headSize multiply-adds per query, head and visible position.
            work += 2L * segment.Count * (segment.Begin + segment.Count) * _description.HeadCount * _description.HeadSize;
            items += ItemsOf(segment);
        }

        int threads = _model.Workers.PartsFor(work, (int)Math.Min(items, int.MaxValue));
        _parts = threads == 1 ? 1 : (int)Math.Min(items, PartsPerThread * threads);
        WorkSplitter.Run(_parts, threads, this);
    }

    private long ItemsOf(RowSegment segment) => (long)_description.KeyValueHeadCount * BlocksOf(segment);

    private int BlocksOf(RowSegment segment) => ((segment.Count * _shared) + QueryRows - 1) / QueryRows;

    /// <summary>Every so-manieth item, because later rows of a prompt see more and cost more.</summary>
    /// <param name="part">0-based.</param>
    public override void Execute(int part)
    {
        int size = _description.HeadSize;
        float[] memory = ArrayPool<float>.Shared.Rent(QueryRows * (size + KeyValueCache.PageSize));
        Span<float> gathered = memory.AsSpan(0, QueryRows * size);
        Span<float> scores = memory.AsSpan(QueryRows * size, QueryRows * KeyValueCache.PageSize);
        long item = 0;
        foreach (RowSegment segment in _segments.AsSpan(0, _segmentCount))
        {
            int rows = segment.Count * _shared;
            for (int keyHead = 0; keyHead < _description.KeyValueHeadCount; keyHead++)
            {
                for (int first = 0; first < rows; first += QueryRows)
                {
                    if (item++ % _parts == part)
                    {
                        Attend(segment, keyHead, first, Math.Min(QueryRows, rows - first), gathered, scores);
                    }
                }
            }
        }

        ArrayPool<float>.Shared.Return(memory);
    }

    /// <summary>Some query rows of one key-value head. Row r is query head <c>keyHead · shared + r % shared</c> of token <c>r / shared</c>.</summary>
    private void Attend(RowSegment segment, int keyHead, int first, int count, Span<float> gathered, Span<float> scoreMemory)
    {
        const int Page = KeyValueCache.PageSize;
        int size = _description.HeadSize;
        Span<float> largest = stackalloc float[QueryRows];
        Span<float> sums = stackalloc float[QueryRows];
        largest.Fill(float.NegativeInfinity);
        sums.Clear();
        for (int r = 0; r < count; r++)
        {
            int at = PlaceOf(segment, keyHead, first + r);
            _queries.AsSpan(at, size).CopyTo(gathered[(r * size)..]);
            _attended.AsSpan(at, size).Clear();
        }

        ReadOnlySpan<float> queries = gathered[..(count * size)];
        int end = VisibleEnd(segment, (first + count - 1) / _shared);
        for (int page = VisibleBegin(segment, first / _shared) / Page * Page; page < end; page += Page)
        {
            int keys = Math.Min(Page, end - page);
            Span<float> scores = scoreMemory[..(count * keys)];
            MatrixProduct.Multiply(queries, segment.Sequence.Cache.Keys(_layer, keyHead, page, keys), count, size, WorkerLimit.Single, scores);
            for (int r = 0; r < count; r++)
            {
                int t = (first + r) / _shared;
                int from = Math.Max(VisibleBegin(segment, t) - page, 0);
                int to = Math.Min(VisibleEnd(segment, t) - page, keys);
                if (from < to)
                {
                    int head = (keyHead * _shared) + ((first + r) % _shared);
                    Span<float> visible = scores.Slice((r * keys) + from, to - from);
                    Adjust(visible, head, page + from, segment.Begin + t);
                    Span<float> attended = _attended.AsSpan(PlaceOf(segment, keyHead, first + r), size);
                    Accumulate(visible, segment.Sequence.Cache.Values(_layer, keyHead, page + from, to - from), attended, ref largest[r], ref sums[r]);
                }
            }
        }

        for (int r = 0; r < count; r++)
        {
            Span<float> attended = _attended.AsSpan(PlaceOf(segment, keyHead, first + r), size);
            TensorPrimitives.Multiply(attended, 1 / sums[r], attended);
        }
    }

    /// <summary>Products of query and key become the scores that softmax sees.</summary>
    /// <param name="scores">Products of neighbouring keys, changed in place.</param>
    /// <param name="head">The query head.</param>
    /// <param name="keyPosition">Position of the first key.</param>
    /// <param name="position">Position of the query.</param>
    private void Adjust(Span<float> scores, int head, int keyPosition, int position)
    {
        TensorPrimitives.Multiply(scores, _scale, scores);
        if (_description.AttentionSoftCap is double cap)
        {
            if (_slopes is not null && _slopesBeforeScaling)
            {
                AddBias(scores, _slopes[head], keyPosition);
                SoftCap.Apply(scores, (float)cap);
                return;
            }

            SoftCap.Apply(scores, (float)cap);
        }

        if (_slopes is not null)
        {
            // Softmax does not change when all scores of a row move together, so positions may be counted from the query, which keeps them small.
            AddBias(scores, _slopes[head], keyPosition - position);
        }
    }

    private static void AddBias(Span<float> scores, float slope, int position)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] += slope * (position + i);
        }
    }

    private static void Accumulate(Span<float> scores, ReadOnlySpan<float> values, Span<float> attended, ref float largest, ref float sum)
    {
        float most = MathF.Max(largest, TensorPrimitives.Max<float>(scores));
        if (most != largest)
        {
            float shrink = MathF.Exp(largest - most);
            TensorPrimitives.Multiply(attended, shrink, attended);
            sum *= shrink;
            largest = most;
        }

        TensorPrimitives.Subtract(scores, most, scores);
        TensorPrimitives.Exp<float>(scores, scores);
        sum += RowSums.Sum(scores);
        ScaledRows.Add(scores, values, attended);
    }

    private int PlaceOf(RowSegment segment, int keyHead, int row) =>
        ((((segment.FirstRow + (row / _shared)) * _description.HeadCount) + (keyHead * _shared) + (row % _shared)) * _description.HeadSize);

    private int VisibleBegin(RowSegment segment, int t) =>
        _description.IsWindowed(_layer) ? Math.Max(0, segment.Begin + t + 1 - _description.Window!.Value) : 0;

    private static int VisibleEnd(RowSegment segment, int t) => Math.Max(segment.Begin + t + 1, segment.ContextLength);
}
