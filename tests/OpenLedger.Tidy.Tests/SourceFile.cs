namespace OpenLedger.Tidy.Tests;

/// <summary>A text file of the repository. <paramref name="Path"/> is relative and uses forward slashes, so that rules can be fed invented files.</summary>
public sealed record SourceFile(string Path, string Text)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    public bool EndsWith(string ending) => Path.EndsWith(ending, StringComparison.Ordinal);

    /// <summary>"path:line" of a position in the text.</summary>
    public string At(int position) => $"{Path}:{Text.AsSpan(0, position).Count('\n') + 1}";
}
