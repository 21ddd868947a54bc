namespace OpenLedger.Lora.Inference;

/// <summary>
/// Rotated keys and values of one sequence: per layer and key-value head, <c>[capacity, headSize]</c> row-major, so that a head's keys
/// are one matrix for the kernels. Grows by doubling.
/// </summary>
internal sealed class KeyValueCache
{
    private const int InitialCapacity = 64;

    private readonly int _heads;
    private readonly int _headSize;
    private readonly int _maxPositions;
    private readonly float[][] _keys;
    private readonly float[][] _values;
    private int _capacity;

    public KeyValueCache(int layers, int heads, int headSize, int maxPositions)
    {
        _heads = heads;
        _headSize = headSize;
        _maxPositions = maxPositions;
        _keys = new float[layers * heads][];
        _values = new float[layers * heads][];
        Array.Fill(_keys, []);
        Array.Fill(_values, []);
    }

    /// <summary>Makes room for positions <c>0 … count - 1</c>; earlier entries keep their contents.</summary>
    public void EnsureCapacity(int count)
    {
        if (count <= _capacity)
        {
            return;
        }

        int capacity = (int)Math.Min(_maxPositions, Math.Max(InitialCapacity, Math.Max(count, 2L * _capacity)));
        int length = checked(capacity * _headSize);
        for (int i = 0; i < _keys.Length; i++)
        {
            Array.Resize(ref _keys[i], length);
            Array.Resize(ref _values[i], length);
        }

        _capacity = capacity;
    }

    /// <summary>Keys of one head for positions <c>begin … begin + count - 1</c>, <c>[count, headSize]</c>.</summary>
    public Span<float> Keys(int layer, int head, int begin, int count) =>
        _keys[(layer * _heads) + head].AsSpan(begin * _headSize, count * _headSize);

    /// <summary>Values of one head for positions <c>begin … begin + count - 1</c>, <c>[count, headSize]</c>.</summary>
    public Span<float> Values(int layer, int head, int begin, int count) =>
        _values[(layer * _heads) + head].AsSpan(begin * _headSize, count * _headSize);
}
