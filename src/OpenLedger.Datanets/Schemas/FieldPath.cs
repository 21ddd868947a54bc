using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Names fields inside records: <c>/answer</c>, <c>/source/title</c>, <c>/tags/*</c> for every item of a list.</summary>
/// <remarks>
/// The text form is a JSON Pointer (RFC 6901) over field names, <c>~1</c> for <c>/</c> and <c>~0</c> for <c>~</c>, in which <c>*</c>
/// stands for each item; a field named <c>*</c> is written <c>~2</c>. Immutable; safe for concurrent use.
/// </remarks>
public sealed class FieldPath : IEquatable<FieldPath>
{
    /// <summary>Longest text in UTF-16 code units.</summary>
    public const int MaxLength = 1000;

    private readonly string _text;

    private FieldPath(string text, string?[] segments)
    {
        _text = text;
        Segments = segments;
    }

    /// <summary>The names from the outside in; <see langword="null"/> stands for each item of a list.</summary>
    internal IReadOnlyList<string?> Segments { get; }

    /// <summary>Reads a path.</summary>
    /// <param name="text">1 to <see cref="MaxLength"/> characters, at most <see cref="DatanetSchema.MaxFieldDepth"/> + 1 names; not empty names.</param>
    /// <exception cref="ArgumentException">The text is not of that form.</exception>
    public static FieldPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > MaxLength || text[0] != '/')
        {
            throw Fault(text);
        }

        string[] parts = text[1..].Split('/');
        if (parts.Length > DatanetSchema.MaxFieldDepth + 1 || parts[0] == "*")
        {
            throw Fault(text);
        }

        return new FieldPath(text, [.. parts.Select(part => part == "*" ? null : Unescape(part, text))]);
    }

    /// <inheritdoc/>
    public bool Equals(FieldPath? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FieldPath);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => _text;

    internal static string Escape(string name) => name == "*"
        ? "~2"
        : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>Every place in a record that the path names: the object or list that holds it, and its name or index.</summary>
    internal IEnumerable<(JsonNode Parent, string? Name, int Index)> Find(JsonObject record) => Find(record, 0);

    private IEnumerable<(JsonNode Parent, string? Name, int Index)> Find(JsonNode? node, int depth)
    {
        string? name = Segments[depth];
        bool isLast = depth == Segments.Count - 1;
        if (name is null)
        {
            JsonArray? items = node as JsonArray;
            for (int i = 0; i < items?.Count; i++)
            {
                foreach (var place in isLast ? [(items, null, i)] : Find(items[i], depth + 1))
                {
                    yield return place;
                }
            }
        }
        else if (node is JsonObject members)
        {
            foreach (var place in isLast ? [(members, name, 0)] : Find(members[name], depth + 1))
            {
                yield return place;
            }
        }
    }

    private static string Unescape(string part, string text)
    {
        for (int i = part.IndexOf('~', StringComparison.Ordinal); i >= 0; i = part.IndexOf('~', i + 1))
        {
            if (i + 1 >= part.Length || part[i + 1] is not ('0' or '1' or '2') || (part[i + 1] == '2' && part.Length != 2))
            {
                throw Fault(text);
            }
        }

        return part.Length == 0 ? throw Fault(text)
            : part == "~2" ? "*"
            : part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }

    private static ArgumentException Fault(string text) => new(
        $"'{text[..Math.Min(text.Length, 100)]}' is not a field path: /name/name with * for each item, ~0 for ~, ~1 for /, at most {MaxLength} characters.");
}
