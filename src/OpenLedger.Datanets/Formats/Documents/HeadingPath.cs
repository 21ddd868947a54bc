namespace OpenLedger.Datanets.Formats;

/// <summary>The headings above a place in a document.</summary>
internal sealed class HeadingPath
{
    private readonly List<(int Level, string Text)> _open = [];

    /// <summary>The first heading of the highest level, which usually is the document's title.</summary>
    public string? First { get; private set; }

    public void Enter(int level, string text)
    {
        First ??= level == 1 && text.Length > 0 ? text : null;
        _open.RemoveAll(heading => heading.Level >= level);
        if (text.Length > 0)
        {
            _open.Add((level, text));
        }
    }

    /// <summary>For example <c>Guide &gt; Install</c>, or <see langword="null"/> outside of all headings.</summary>
    public string? Path => _open.Count == 0 ? null : string.Join(" > ", _open.Select(heading => heading.Text));
}
