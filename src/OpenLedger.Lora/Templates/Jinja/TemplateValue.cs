using System.Numerics;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>A value of the template language, with Python's meaning. Immutable but for namespaces, generators and joiners.</summary>
internal abstract class TemplateValue
{
    /// <summary>Python's name of the type, for messages.</summary>
    public abstract string TypeName { get; }

    public virtual bool IsTrue => true;

    /// <summary>How deep containers nest below this value; bounded at construction, so that walking a value cannot exhaust the stack.</summary>
    public virtual int Depth => 0;
}

/// <summary>What a name, key or attribute that does not exist gives: prints nothing, but has no attributes.</summary>
internal sealed class UndefinedValue(string description) : TemplateValue
{
    public string Description => description;

    public override string TypeName => "undefined";

    public override bool IsTrue => false;
}

internal sealed class NoneValue : TemplateValue
{
    public static readonly NoneValue Instance = new();

    public override string TypeName => "NoneType";

    public override bool IsTrue => false;
}

internal sealed class BooleanValue : TemplateValue
{
    public static readonly BooleanValue True = new(true);
    public static readonly BooleanValue False = new(false);

    private BooleanValue(bool value) => Value = value;

    public bool Value { get; }

    public override string TypeName => "bool";

    public override bool IsTrue => Value;

    public static BooleanValue Of(bool value) => value ? True : False;
}

internal sealed class IntegerValue(BigInteger value) : TemplateValue
{
    public BigInteger Value => value;

    public override string TypeName => "int";

    public override bool IsTrue => !value.IsZero;
}

internal sealed class FloatValue(double value) : TemplateValue
{
    public double Value => value;

    public override string TypeName => "float";

    public override bool IsTrue => value != 0;
}

internal sealed class TextValue(MarkedText text) : TemplateValue
{
    public static readonly TextValue Empty = new(MarkedText.Empty);

    public MarkedText Text => text;

    public string Value => text.Value;

    public override string TypeName => "str";

    public override bool IsTrue => text.Length > 0;
}

internal enum SequenceKind
{
    List,
    Tuple,
    Range,

    /// <summary>What <c>dict.items()</c>, <c>keys()</c> and <c>values()</c> give: can be walked and counted, not indexed.</summary>
    View,
}

internal sealed class SequenceValue(SequenceKind kind, TemplateValue[] items) : TemplateValue
{
    public SequenceKind Kind => kind;

    public TemplateValue[] Items => items;

    public override string TypeName => kind switch
    {
        SequenceKind.List => "list",
        SequenceKind.Tuple => "tuple",
        SequenceKind.Range => "range",
        _ => "dict view",
    };

    public override bool IsTrue => items.Length > 0;

    public override int Depth { get; } = 1 + items.Select(i => i.Depth).DefaultIfEmpty().Max();
}

internal sealed class MapValue : TemplateValue
{
    public MapValue(OrderedDictionary<TemplateValue, TemplateValue> entries)
    {
        Entries = entries;
        Depth = 1 + entries.Values.Select(i => i.Depth).DefaultIfEmpty().Max();
    }

    public OrderedDictionary<TemplateValue, TemplateValue> Entries { get; }

    public override string TypeName => "dict";

    public override bool IsTrue => Entries.Count > 0;

    public override int Depth { get; }

    public static OrderedDictionary<TemplateValue, TemplateValue> NewEntries() => new(ScalarComparer.Instance);
}

/// <summary>A Python generator: always true, walked once, neither counted nor indexed.</summary>
internal sealed class GeneratorValue(TemplateValue[] items) : TemplateValue
{
    private int _next;

    public override string TypeName => "generator";

    public override int Depth { get; } = 1 + items.Select(i => i.Depth).DefaultIfEmpty().Max();

    public TemplateValue[] TakeAll()
    {
        TemplateValue[] rest = items[_next..];
        _next = items.Length;
        return rest;
    }

    public TemplateValue? TakeNext() => _next < items.Length ? items[_next++] : null;
}

/// <summary>What <c>namespace()</c> gives: the one value whose attributes can be set.</summary>
internal sealed class NamespaceValue(Dictionary<string, TemplateValue> attributes) : TemplateValue
{
    public Dictionary<string, TemplateValue> Attributes => attributes;

    public override string TypeName => "namespace";
}

/// <summary>A function, macro or method that a template can call.</summary>
internal sealed class CallableValue(string name, Func<RenderContext, CallArguments, TemplateValue> call) : TemplateValue
{
    public string Name => name;

    public override string TypeName => "function";

    public TemplateValue Call(RenderContext context, CallArguments arguments) => call(context, arguments);
}

/// <summary>The variable <c>loop</c>.</summary>
internal sealed class LoopValue(TemplateValue[] items) : TemplateValue
{
    public int Index { get; set; }

    public override string TypeName => "loop";

    public TemplateValue? Get(string attribute) => attribute switch
    {
        "index" => new IntegerValue(Index + 1),
        "index0" => new IntegerValue(Index),
        "revindex" => new IntegerValue(items.Length - Index),
        "revindex0" => new IntegerValue(items.Length - Index - 1),
        "first" => BooleanValue.Of(Index == 0),
        "last" => BooleanValue.Of(Index == items.Length - 1),
        "length" => new IntegerValue(items.Length),
        // Only recursive loops, which are refused, go deeper.
        "depth" => new IntegerValue(1),
        "depth0" => new IntegerValue(0),
        "previtem" => Index > 0 ? items[Index - 1] : new UndefinedValue("there is no previous item"),
        "nextitem" => Index < items.Length - 1 ? items[Index + 1] : new UndefinedValue("there is no next item"),
        "cycle" => new CallableValue("cycle", Cycle),
        _ => null,
    };

    private TemplateValue Cycle(RenderContext context, CallArguments arguments) => arguments.Positional.Length > 0
        ? arguments.Positional[Index % arguments.Positional.Length]
        : throw context.Fault("loop.cycle needs at least one value");
}

/// <summary>Values given to a call.</summary>
internal sealed record CallArguments(TemplateValue[] Positional, IReadOnlyList<KeyValuePair<string, TemplateValue>> Named)
{
    public static readonly CallArguments None = new([], []);

    /// <summary>Sorts the arguments into parameters, as Python does; null where one is absent.</summary>
    public TemplateValue?[] Bind(RenderContext context, string function, IReadOnlyList<string> parameters)
    {
        if (Positional.Length > parameters.Count)
        {
            throw context.Fault($"'{function}' takes at most {parameters.Count} arguments, but is given {Positional.Length}");
        }

        var bound = new TemplateValue?[parameters.Count];
        Positional.CopyTo(bound, 0);
        foreach ((string name, TemplateValue value) in Named)
        {
            int index = parameters is string[] array ? Array.IndexOf(array, name) : parameters.ToList().IndexOf(name);
            if (index < 0 || bound[index] is not null)
            {
                throw context.Fault($"'{function}' {(index < 0 ? "has no parameter" : "is given twice the parameter")} '{name}'");
            }

            bound[index] = value;
        }

        return bound;
    }
}

/// <summary>Equality of the values that can be keys: numbers and booleans by value across their types, text by its characters.</summary>
internal sealed class ScalarComparer : IEqualityComparer<TemplateValue>
{
    public static readonly ScalarComparer Instance = new();

    public static bool IsKey(TemplateValue value) => value is TextValue or IntegerValue or FloatValue or BooleanValue or NoneValue;

    public bool Equals(TemplateValue? x, TemplateValue? y) => (x, y) switch
    {
        (TextValue a, TextValue b) => a.Value == b.Value,
        (NoneValue, NoneValue) => true,
        ({ } a, { } b) when PythonNumber.IsNumber(a) && PythonNumber.IsNumber(b) => PythonNumber.Compare(a, b) == 0,
        _ => false,
    };

    public int GetHashCode(TemplateValue obj) => obj switch
    {
        TextValue text => string.GetHashCode(text.Value, StringComparison.Ordinal),
        NoneValue => 1,
        _ => PythonNumber.ToDouble(obj).GetHashCode(),
    };
}
