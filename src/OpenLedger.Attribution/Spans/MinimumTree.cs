namespace OpenLedger.Attribution.Spans;

// Minima of groups of 16 values, of groups of 16 such groups, and so on: finds the nearest value below a bound in O(16 log₁₆ n).
internal sealed class MinimumTree
{
    private const int Fanout = 16;

    private readonly List<int[]> _levels = [];

    /// <summary>Indexes the values; they must not change afterwards.</summary>
    public MinimumTree(int[] values)
    {
        _levels.Add(values);
        while (_levels[^1].Length > Fanout)
        {
            _levels.Add([.. _levels[^1].Chunk(Fanout).Select(static group => group.Min())]);
        }
    }

    /// <summary>Greatest index up to and including <paramref name="index"/> whose value is below the bound; -1 where there is none.</summary>
    public int PreviousBelow(int index, int bound)
    {
        for (int level = 0; level < _levels.Count; level++, index = (index / Fanout) - 1)
        {
            int first = index < 0 ? 0 : index / Fanout * Fanout;
            for (int i = index; i >= first; i--)
            {
                if (_levels[level][i] < bound)
                {
                    return Descend(level, i, bound, last: true);
                }
            }

            if (first == 0)
            {
                return -1;
            }
        }

        return -1;
    }

    /// <summary>Smallest index from <paramref name="index"/> whose value is below the bound; the count of values where there is none.</summary>
    public int NextBelow(int index, int bound)
    {
        for (int level = 0; level < _levels.Count; level++, index = (index + Fanout - 1) / Fanout)
        {
            int[] values = _levels[level];
            int end = Math.Min(values.Length, (index + Fanout - 1) / Fanout * Fanout);
            for (int i = index; i < end; i++)
            {
                if (values[i] < bound)
                {
                    return Descend(level, i, bound, last: false);
                }
            }

            // The top level has no groups above it: look through what is left.
            if (level == _levels.Count - 1)
            {
                for (int i = end; i < values.Length; i++)
                {
                    if (values[i] < bound)
                    {
                        return Descend(level, i, bound, last: false);
                    }
                }
            }
        }

        return _levels[0].Length;
    }

    private int Descend(int level, int index, int bound, bool last)
    {
        while (level > 0)
        {
            level--;
            ReadOnlySpan<int> group = _levels[level].AsSpan(index * Fanout);
            group = group[..Math.Min(Fanout, group.Length)];
            int offset = last ? group.Length - 1 : 0;
            while (group[offset] >= bound)
            {
                offset += last ? -1 : 1;
            }

            index = (index * Fanout) + offset;
        }

        return index;
    }
}
