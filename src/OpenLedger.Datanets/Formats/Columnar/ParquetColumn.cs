namespace OpenLedger.Datanets.Formats;

/// <summary>The decoded values of one leaf column in one row group, and how far they were read.</summary>
internal sealed class ParquetColumn
{
    private readonly int[]? _definitions;
    private readonly int[]? _repetitions;
    private readonly int _count;
    private int _position;
    private int _value;

    public ParquetColumn(ParquetShape leaf, Array values, int[]? definitions, int[]? repetitions, int count)
    {
        Leaf = leaf;
        Values = values;
        _definitions = definitions;
        _repetitions = repetitions;
        _count = count;
    }

    public ParquetShape Leaf { get; }

    public Array Values { get; }

    public bool HasMore => _position < _count;

    public int Definition => _definitions is null ? 0 : _definitions[Here()];

    public int Repetition => _repetitions is null ? 0 : _repetitions[Here()];

    /// <summary>Steps over a null or an empty list.</summary>
    public void Skip()
    {
        if (Definition >= Leaf.DefinitionLevel)
        {
            throw new FormatException("two columns disagree on where a value is null");
        }

        _position++;
    }

    /// <summary>Steps over a value and returns its index in <see cref="Values"/>.</summary>
    public int Take()
    {
        if (Definition != Leaf.DefinitionLevel)
        {
            throw new FormatException("two columns disagree on where a value is null");
        }

        _position++;
        return _value++;
    }

    private int Here() => _position < _count ? _position : throw new FormatException("a column has fewer values than rows");
}
