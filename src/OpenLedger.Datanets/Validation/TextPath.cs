using System.Globalization;
using System.Text;

namespace OpenLedger.Datanets.Validation;

/// <summary>A step of a JSON path, linked to the step before it.</summary>
/// <remarks>Spelled out only when asked: a hostile record of many texts below one long name would make gigabytes of paths.</remarks>
internal sealed class TextPath
{
    private const int MaxNameLength = 40;
    private readonly TextPath? _parent;
    private readonly string? _name;
    private readonly int _index;

    private TextPath(TextPath? parent, string? name, int index)
    {
        _parent = parent;
        _name = name;
        _index = index;
    }

    public static TextPath Root { get; } = new(null, null, 0);

    public TextPath Member(string name) => new(this, name, 0);

    public TextPath Item(int index) => new(this, null, index);

    public override string ToString()
    {
        Stack<TextPath> steps = [];
        for (TextPath step = this; step._parent is not null; step = step._parent)
        {
            steps.Push(step);
        }

        StringBuilder path = new("$");
        foreach (TextPath step in steps)
        {
            _ = step._name is null
                ? path.Append(CultureInfo.InvariantCulture, $"[{step._index}]")
                : path.Append('.').Append(Excerpt.Of(step._name, MaxNameLength));
        }

        return path.ToString();
    }
}
