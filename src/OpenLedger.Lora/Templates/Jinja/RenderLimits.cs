namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>Bounds that no honest chat template comes near; a hostile one ends with an exception instead of a hang.</summary>
internal static class RenderLimits
{
    /// <summary>Characters of a template; the largest published ones have about 20 thousand.</summary>
    public const int SourceLength = 1 << 20;

    /// <summary>Nesting of statements and expressions while parsing.</summary>
    public const int Nesting = 100;

    /// <summary>Operators in a row, such as <c>a + b + c</c>.</summary>
    public const int Chain = 500;

    /// <summary>Nesting of evaluation, macro calls included.</summary>
    public const int EvaluationDepth = 1200;

    /// <summary>Nesting of lists and dictionaries.</summary>
    public const int ValueDepth = 100;

    /// <summary>Nodes evaluated, items walked and blocks of 16 characters handled in one rendering.</summary>
    public const int Steps = 10_000_000;

    /// <summary>Characters of one text, the rendered one included.</summary>
    public const int TextLength = 4 << 20;

    /// <summary>Items of one <c>range</c>, as in Jinja's own sandbox.</summary>
    public const int RangeLength = 100_000;
}
