using System.Text;
using OpenLedger.Lora.Tokenization.Splitting;
using OpenLedger.Unicode;

namespace OpenLedger.Lora.Tokenization.Normalization;

/// <summary>Several steps, one after the other; none of them leaves text as it is.</summary>
internal sealed class NormalizerSequence(IEnumerable<ITextNormalizer> steps) : ITextNormalizer
{
    private readonly ITextNormalizer[] _steps = [.. steps];

    public static NormalizerSequence Identity { get; } = new([]);

    public string Normalize(string text)
    {
        foreach (ITextNormalizer step in _steps)
        {
            text = step.Normalize(text);
        }

        return text;
    }
}

/// <summary>Unicode normalisation form C.</summary>
internal sealed class FormCNormalizer : ITextNormalizer
{
    public string Normalize(string text) => CanonicalForms.ToFormC(text);
}

/// <summary>Puts a text before text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : ITextNormalizer
{
    public string Normalize(string text) => text.Length == 0 ? text : prefix + text;
}

/// <summary>Removes white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : ITextNormalizer
{
    public string Normalize(string text)
    {
        text = left ? text.TrimStart() : text;
        return right ? text.TrimEnd() : text;
    }
}

/// <summary>Replaces each match of a pattern.</summary>
internal sealed class ReplaceNormalizer(IMatchPattern pattern, string content) : ITextNormalizer
{
    public string Normalize(string text)
    {
        StringBuilder? replaced = null;
        int done = 0;
        while (done < text.Length && pattern.TryFind(text, done, out int start, out int end))
        {
            replaced ??= new StringBuilder(text.Length);
            replaced.Append(text, done, start - done).Append(content);
            done = end;
        }

        return replaced is null ? text : replaced.Append(text, done, text.Length - done).ToString();
    }
}
