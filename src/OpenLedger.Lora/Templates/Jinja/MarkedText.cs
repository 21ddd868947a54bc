namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>Text that remembers which of its characters came from outside the template.</summary>
/// <remarks>
/// A template renders one string in which its own control tokens and those that a user typed look alike. The marks keep them apart
/// through every operation of the interpreter, so that a tokenizer can be told which are which. Immutable.
/// </remarks>
internal sealed class MarkedText
{
    public static readonly MarkedText Empty = new("", false, []);

    // The mark changes at every cut; the first character has the mark _firstIsOutside.
    private readonly int[] _cuts;
    private readonly bool _firstIsOutside;

    internal MarkedText(string value, bool firstIsOutside, int[] cuts)
    {
        Value = value;
        _firstIsOutside = firstIsOutside;
        _cuts = cuts;
    }

    public string Value { get; }

    public int Length => Value.Length;

    /// <summary>Text written by the template's author.</summary>
    public static MarkedText Trusted(string value) => value.Length == 0 ? Empty : new MarkedText(value, false, []);

    /// <summary>Text from messages, tools or variables.</summary>
    public static MarkedText Outside(string value) => value.Length == 0 ? Empty : new MarkedText(value, true, []);

    /// <summary>The longest stretches of one mark, in order; none for empty text.</summary>
    public IEnumerable<MarkedRun> Runs()
    {
        bool isOutside = _firstIsOutside;
        int start = 0;
        foreach (int cut in _cuts)
        {
            yield return new MarkedRun(start, cut - start, isOutside);
            isOutside = !isOutside;
            start = cut;
        }

        if (start < Value.Length)
        {
            yield return new MarkedRun(start, Value.Length - start, isOutside);
        }
    }

    public MarkedText Slice(int start, int length)
    {
        if (length == 0)
        {
            return Empty;
        }

        if (start == 0 && length == Value.Length)
        {
            return this;
        }

        int before = CutsUpTo(start);
        int inside = CutsUpTo(start + length - 1) - before;
        int[] cuts = inside == 0 ? [] : new int[inside];
        for (int i = 0; i < inside; i++)
        {
            cuts[i] = _cuts[before + i] - start;
        }

        return new MarkedText(Value.Substring(start, length), _firstIsOutside ^ ((before & 1) != 0), cuts);
    }

    public MarkedText Slice(int start) => Slice(start, Value.Length - start);

    public bool IsOutsideAt(int index) => _firstIsOutside ^ ((CutsUpTo(index) & 1) != 0);

    /// <summary>Applies a change that depends on nothing outside each stretch.</summary>
    public MarkedText Map(Func<string, string> change)
    {
        MarkedTextBuilder builder = new();
        foreach (MarkedRun run in Runs())
        {
            builder.Append(change(Value.Substring(run.Start, run.Length)), run.IsOutside);
        }

        return builder.ToText();
    }

    public override string ToString() => Value;

    private int CutsUpTo(int index)
    {
        int found = Array.BinarySearch(_cuts, index);
        return found >= 0 ? found + 1 : ~found;
    }
}

/// <summary>A stretch of characters with one mark.</summary>
internal readonly record struct MarkedRun(int Start, int Length, bool IsOutside);
