namespace OpenLedger.Lora.Serving;

/// <summary>Cuts a stream of text before the first stop sequence, holding back what might become one.</summary>
internal sealed class StopSequenceFilter
{
    private readonly string[] _stops;
    private string _held = "";

    public StopSequenceFilter(IEnumerable<string> stops) => _stops = [.. stops];

    /// <summary>Whether a stop sequence was seen; later text is dropped.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Takes text and returns what is certain to precede any stop sequence.</summary>
    public string Push(string text)
    {
        if (Stopped)
        {
            return "";
        }

        if (_stops.Length == 0)
        {
            return text;
        }

        _held += text;
        int cut = _stops.Select(s => _held.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (cut >= 0)
        {
            Stopped = true;
            return Release(cut, keep: false);
        }

        int hold = 0;
        foreach (string stop in _stops)
        {
            for (int length = Math.Min(stop.Length - 1, _held.Length); length > hold; length--)
            {
                if (_held.AsSpan(_held.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    hold = length;
                }
            }
        }

        return Release(_held.Length - hold, keep: true);
    }

    /// <summary>Ends the stream and returns what was held back.</summary>
    public string Flush() => Release(_held.Length, keep: false);

    private string Release(int length, bool keep)
    {
        string text = _held[..length];
        _held = keep ? _held[length..] : "";
        return text;
    }
}
