using System.Text;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>Puts <see cref="MarkedText"/> together.</summary>
internal sealed class MarkedTextBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<int> _cuts = [];
    private bool _firstIsOutside;
    private bool _lastIsOutside;

    public int Length => _text.Length;

    public MarkedTextBuilder Append(ReadOnlySpan<char> text, bool isOutside)
    {
        if (text.IsEmpty)
        {
            return this;
        }

        if (_text.Length == 0)
        {
            _firstIsOutside = isOutside;
        }
        else if (isOutside != _lastIsOutside)
        {
            _cuts.Add(_text.Length);
        }

        _lastIsOutside = isOutside;
        _text.Append(text);
        return this;
    }

    /// <summary>Appends text of the template's author.</summary>
    public MarkedTextBuilder Append(ReadOnlySpan<char> text) => Append(text, isOutside: false);

    public MarkedTextBuilder Append(MarkedText text)
    {
        foreach (MarkedRun run in text.Runs())
        {
            Append(text.Value.AsSpan(run.Start, run.Length), run.IsOutside);
        }

        return this;
    }

    public MarkedText ToText() => _text.Length == 0 ? MarkedText.Empty : new MarkedText(_text.ToString(), _firstIsOutside, [.. _cuts]);
}
