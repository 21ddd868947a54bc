using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>
/// Rotated keys and values of one sequence, in pages of <see cref="PageSize"/> positions. A page of a layer holds, per key-value head,
/// keys <c>[PageSize, headSize]</c> and as many values, so that a head's keys are one matrix for the kernels. Growing adds pages and
/// copies nothing.
/// </summary>
internal sealed class KeyValueCache
{
    /// <summary>Positions of a page: long enough for the kernels, short enough that a page of keys and values stays in the first-level cache.</summary>
    public const int PageSize = 64;

    private readonly int _headSize;
    private readonly int _pageLength;
    private readonly List<float[]>[] _pages;

    public KeyValueCache(DecoderDescription description)
    {
        _headSize = description.HeadSize;
        _pageLength = checked(2 * description.KeyValueHeadCount * PageSize * _headSize);
        _pages = [.. Enumerable.Range(0, description.LayerCount).Select(_ => new List<float[]>())];
    }

    /// <summary>Makes room for positions <c>0 … count - 1</c>; earlier entries keep their contents.</summary>
    public void EnsureCapacity(int count)
    {
        foreach (List<float[]> pages in _pages)
        {
            while ((long)pages.Count * PageSize < count)
            {
                pages.Add(GC.AllocateUninitializedArray<float>(_pageLength));
            }
        }
    }

    /// <summary>Keys of one head for positions <c>begin … begin + count - 1</c> of one page, <c>[count, headSize]</c>.</summary>
    public Span<float> Keys(int layer, int head, int begin, int count) => Rows(layer, 2 * head, begin, count);

    /// <summary>Values of one head for positions <c>begin … begin + count - 1</c> of one page, <c>[count, headSize]</c>.</summary>
    public Span<float> Values(int layer, int head, int begin, int count) => Rows(layer, (2 * head) + 1, begin, count);

    private Span<float> Rows(int layer, int part, int begin, int count) =>
        _pages[layer][begin / PageSize].AsSpan(((part * PageSize) + (begin % PageSize)) * _headSize, count * _headSize);
}
