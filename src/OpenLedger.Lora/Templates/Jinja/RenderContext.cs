using System.Runtime.CompilerServices;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>One rendering: where it stands, what it has used up, and how it fails. Not thread-safe.</summary>
internal sealed class RenderContext(string templateName, TimeProvider timeProvider)
{
    private int _stepsLeft = RenderLimits.Steps;
    private int _depth;

    public TimeProvider TimeProvider => timeProvider;

    /// <summary>The line of the statement or call that is being evaluated.</summary>
    public int Line { get; set; } = 1;

    /// <summary>Where printed text goes: the prompt, or the text of a block or macro.</summary>
    public MarkedTextBuilder Output { get; set; } = new();

    public ModelFormatException Fault(string reason) => new(ModelFormatError.TemplateInvalid, templateName, $"line {Line}: {reason}.");

    public ModelFormatException Unsupported(string what) =>
        new(ModelFormatError.TemplateUnsupported, templateName, $"line {Line}: {what} is not supported.");

    public ModelFormatException Limit(string what) =>
        new(ModelFormatError.TemplateLimitExceeded, templateName, $"line {Line}: {what}; no honest chat template needs that.");

    public void Charge(int steps = 1)
    {
        _stepsLeft -= steps;
        if (_stepsLeft < 0)
        {
            throw Limit($"rendering takes more than {RenderLimits.Steps} steps");
        }
    }

    /// <summary>Accounts for a text of this length before it is made.</summary>
    public void ChargeText(long length)
    {
        if (length > RenderLimits.TextLength)
        {
            throw Limit($"a text has more than {RenderLimits.TextLength} characters");
        }

        Charge(1 + (int)(length / 16));
    }

    /// <summary>Accounts for a list of this many items before it is made.</summary>
    public void ChargeItems(long count)
    {
        if (count > RenderLimits.Steps / 4)
        {
            throw Limit($"a list has {count} items");
        }

        Charge(1 + ((int)count * 4));
    }

    public void Print(MarkedText text)
    {
        ChargeText((long)Output.Length + text.Length > RenderLimits.TextLength ? long.MaxValue : text.Length);
        Output.Append(text);
    }

    public void Enter()
    {
        Charge();
        if (++_depth > RenderLimits.EvaluationDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Limit($"evaluation nests deeper than {RenderLimits.EvaluationDepth} levels");
        }
    }

    public void Leave() => _depth--;

    /// <summary>Passes a new container on if it does not nest too deep.</summary>
    public T Bounded<T>(T value)
        where T : TemplateValue =>
        value.Depth <= RenderLimits.ValueDepth ? value : throw Limit($"lists and dictionaries nest deeper than {RenderLimits.ValueDepth} levels");
}
