using System.Numerics;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>A node that has a value.</summary>
internal abstract class Expression(int line)
{
    public int Line => line;

    public TemplateValue Evaluate(RenderContext context, Scope scope)
    {
        context.Enter();
        TemplateValue value = Compute(context, scope);
        context.Leave();
        return value;
    }

    protected abstract TemplateValue Compute(RenderContext context, Scope scope);
}

internal sealed class ConstantExpression(int line, TemplateValue value) : Expression(line)
{
    public TemplateValue Value => value;

    protected override TemplateValue Compute(RenderContext context, Scope scope) => value;
}

internal sealed class NameExpression(int line, string name) : Expression(line)
{
    public string Name => name;

    protected override TemplateValue Compute(RenderContext context, Scope scope) =>
        scope.Find(name) ?? new UndefinedValue($"'{name}' is undefined");
}

internal sealed class SequenceExpression(int line, SequenceKind kind, Expression[] items) : Expression(line)
{
    public SequenceKind Kind => kind;

    public Expression[] Items => items;

    protected override TemplateValue Compute(RenderContext context, Scope scope)
    {
        context.ChargeItems(items.Length);
        var values = new TemplateValue[items.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = items[i].Evaluate(context, scope);
        }

        return context.Bounded(new SequenceValue(kind, values));
    }
}

internal sealed class MapExpression(int line, (Expression Key, Expression Value)[] entries) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope)
    {
        context.ChargeItems(entries.Length);
        OrderedDictionary<TemplateValue, TemplateValue> map = MapValue.NewEntries();
        foreach ((Expression key, Expression value) in entries)
        {
            TemplateValue name = key.Evaluate(context, scope);
            context.Line = Line;
            map[ScalarComparer.IsKey(name) ? name : throw context.Fault($"a value of the type {name.TypeName} cannot be a key here")] =
                value.Evaluate(context, scope);
        }

        return context.Bounded(new MapValue(map));
    }
}

internal sealed class AndExpression(int line, Expression left, Expression right) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope) =>
        left.Evaluate(context, scope) is var value && value.IsTrue ? right.Evaluate(context, scope) : value;
}

internal sealed class OrExpression(int line, Expression left, Expression right) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope) =>
        left.Evaluate(context, scope) is var value && value.IsTrue ? value : right.Evaluate(context, scope);
}

internal sealed class NotExpression(int line, Expression operand) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope) => BooleanValue.Of(!operand.Evaluate(context, scope).IsTrue);
}

internal sealed class SignExpression(int line, bool isMinus, Expression operand) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope)
    {
        TemplateValue value = operand.Evaluate(context, scope);
        context.Line = Line;
        return value switch
        {
            FloatValue number => isMinus ? new FloatValue(-number.Value) : number,
            IntegerValue or BooleanValue => new IntegerValue(isMinus ? -PythonNumber.ToInteger(value) : PythonNumber.ToInteger(value)),
            _ => throw context.Fault($"a value of the type {value.TypeName} has no sign"),
        };
    }
}

internal sealed class ConditionalExpression(int line, Expression test, Expression then, Expression? otherwise) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope) =>
        test.Evaluate(context, scope).IsTrue ? then.Evaluate(context, scope)
        : otherwise is not null ? otherwise.Evaluate(context, scope)
        : new UndefinedValue("the conditional expression has no else");
}

/// <summary><c>a ~ b ~ c</c>: text of all, one after another.</summary>
internal sealed class ConcatExpression(int line, Expression[] parts) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope)
    {
        MarkedTextBuilder builder = new();
        foreach (Expression part in parts)
        {
            MarkedText text = Values.ToText(context, part.Evaluate(context, scope));
            context.ChargeText((long)builder.Length + text.Length);
            builder.Append(text);
        }

        return Values.Text(builder.ToText());
    }
}

internal sealed class ArithmeticExpression(int line, string symbol, Expression left, Expression right) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope)
    {
        TemplateValue a = left.Evaluate(context, scope);
        TemplateValue b = right.Evaluate(context, scope);
        context.Line = Line;
        return (symbol, a, b) switch
        {
            (_, _, _) when PythonNumber.IsNumber(a) && PythonNumber.IsNumber(b) => PythonNumber.Calculate(context, symbol, a, b),
            ("+", TextValue x, TextValue y) => Add(context, x.Text, y.Text),
            ("+", SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple } x, SequenceValue y) when x.Kind == y.Kind => Add(context, x, y),
            ("*", TextValue x, _) when PythonNumber.IsInteger(b) => Repeat(context, x.Text, PythonNumber.ToInteger(b)),
            ("*", _, TextValue y) when PythonNumber.IsInteger(a) => Repeat(context, y.Text, PythonNumber.ToInteger(a)),
            ("*", SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple } x, _) when PythonNumber.IsInteger(b) => Repeat(context, x, PythonNumber.ToInteger(b)),
            ("*", _, SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple } y) when PythonNumber.IsInteger(a) => Repeat(context, y, PythonNumber.ToInteger(a)),
            ("%", TextValue, _) => throw context.Unsupported("formatting text with '%'"),
            (_, UndefinedValue undefined, _) => throw context.Fault(undefined.Description),
            (_, _, UndefinedValue undefined) => throw context.Fault(undefined.Description),
            _ => throw context.Fault($"'{symbol}' does not work between {a.TypeName} and {b.TypeName}"),
        };
    }

    private static TextValue Add(RenderContext context, MarkedText left, MarkedText right)
    {
        context.ChargeText((long)left.Length + right.Length);
        return Values.Text(new MarkedTextBuilder().Append(left).Append(right).ToText());
    }

    private static SequenceValue Add(RenderContext context, SequenceValue left, SequenceValue right)
    {
        context.ChargeItems((long)left.Items.Length + right.Items.Length);
        return new SequenceValue(left.Kind, [.. left.Items, .. right.Items]);
    }

    private static TextValue Repeat(RenderContext context, MarkedText text, BigInteger times)
    {
        int count = Times(context, text.Length, times);
        context.ChargeText((long)text.Length * count);
        MarkedTextBuilder builder = new();
        for (int i = 0; i < count; i++)
        {
            builder.Append(text);
        }

        return Values.Text(builder.ToText());
    }

    private static SequenceValue Repeat(RenderContext context, SequenceValue sequence, BigInteger times)
    {
        int count = Times(context, sequence.Items.Length, times);
        context.ChargeItems((long)sequence.Items.Length * count);
        return new SequenceValue(sequence.Kind, [.. Enumerable.Repeat(sequence.Items, count).SelectMany(i => i)]);
    }

    private static int Times(RenderContext context, int length, BigInteger times) =>
        length == 0 || times.Sign <= 0 ? 0
        : times * length <= RenderLimits.TextLength ? (int)times
        : throw context.Limit($"a text or list is repeated to {RenderLimits.TextLength} items or more");
}

/// <summary><c>a &lt; b == c</c>: every pair must hold, and the first that does not ends the comparison.</summary>
internal sealed class CompareExpression(int line, Expression first, (string Symbol, Expression Operand)[] others) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope)
    {
        TemplateValue left = first.Evaluate(context, scope);
        foreach ((string symbol, Expression operand) in others)
        {
            TemplateValue right = operand.Evaluate(context, scope);
            context.Line = Line;
            bool holds = Holds(context, symbol, left, right);
            if (!holds)
            {
                return BooleanValue.False;
            }

            left = right;
        }

        return BooleanValue.True;
    }

    internal static bool Holds(RenderContext context, string symbol, TemplateValue left, TemplateValue right) => symbol switch
    {
        "==" => Values.AreEqual(context, left, right),
        "!=" => !Values.AreEqual(context, left, right),
        "in" => Values.Contains(context, right, left),
        "not in" => !Values.Contains(context, right, left),
        "<" => Values.Compare(context, left, right) < 0,
        "<=" => Values.Compare(context, left, right) <= 0,
        ">" => Values.Compare(context, left, right) > 0,
        _ => Values.Compare(context, left, right) >= 0,
    };
}

internal sealed class AttributeExpression(int line, Expression target, string name) : Expression(line)
{
    public Expression Target => target;

    public string Name => name;

    protected override TemplateValue Compute(RenderContext context, Scope scope)
    {
        TemplateValue value = target.Evaluate(context, scope);
        context.Line = Line;
        return Get(context, value, name);
    }

    /// <summary><c>value.name</c>: Python's own attributes come first, then items.</summary>
    internal static TemplateValue Get(RenderContext context, TemplateValue value, string name) => value switch
    {
        UndefinedValue undefined => throw context.Fault($"{undefined.Description}, so it has no attribute '{Values.Shorten(name)}'"),
        LoopValue loop => loop.Get(name) ?? throw context.Unsupported($"'loop.{Values.Shorten(name)}'"),
        NamespaceValue space => space.Attributes.TryGetValue(name, out TemplateValue? attribute)
            ? attribute : new UndefinedValue($"the namespace has no attribute '{Values.Shorten(name)}'"),
        _ => TemplateMethods.Find(value, name) ?? Values.Index(context, value, Values.Text(MarkedText.Trusted(name))),
    };
}

internal sealed class IndexExpression(int line, Expression target, Expression index) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope)
    {
        TemplateValue value = target.Evaluate(context, scope);
        TemplateValue key = index.Evaluate(context, scope);
        context.Line = Line;
        return Values.Index(context, value, key);
    }
}

internal sealed class SliceExpression(int line, Expression target, Expression? start, Expression? stop, Expression? step) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope)
    {
        TemplateValue value = target.Evaluate(context, scope);
        BigInteger? from = Bound(start);
        BigInteger? to = Bound(stop);
        BigInteger? by = Bound(step);
        context.Line = Line;
        return Values.Slice(context, value, from, to, by);

        BigInteger? Bound(Expression? expression) => expression?.Evaluate(context, scope) switch
        {
            null or NoneValue => null,
            { } bound when PythonNumber.IsInteger(bound) => PythonNumber.ToInteger(bound),
            { } other => throw context.Fault($"a slice needs integers, not {other.TypeName}"),
        };
    }
}

internal sealed class CallExpression(int line, Expression function, ArgumentList arguments) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope)
    {
        TemplateValue callee = function.Evaluate(context, scope);
        CallArguments values = arguments.Evaluate(context, scope);
        context.Line = Line;
        return callee switch
        {
            CallableValue callable => callable.Call(context, values),
            UndefinedValue undefined => throw context.Fault($"{undefined.Description}, so it cannot be called"),
            _ => throw context.Fault($"a value of the type {callee.TypeName} cannot be called"),
        };
    }
}

/// <summary>The arguments of a call, a filter or a test, as written.</summary>
internal sealed record ArgumentList(Expression[] Positional, KeyValuePair<string, Expression>[] Named)
{
    public static readonly ArgumentList None = new([], []);

    public CallArguments Evaluate(RenderContext context, Scope scope) => Positional.Length + Named.Length == 0
        ? CallArguments.None
        : new CallArguments(
            Array.ConvertAll(Positional, p => p.Evaluate(context, scope)),
            Array.ConvertAll(Named, n => KeyValuePair.Create(n.Key, n.Value.Evaluate(context, scope))));
}

internal sealed class FilterExpression(int line, TemplateFilter filter, Expression? operand, ArgumentList arguments) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope) => Apply(context, scope, operand!.Evaluate(context, scope));

    public TemplateValue Apply(RenderContext context, Scope scope, TemplateValue value)
    {
        CallArguments values = arguments.Evaluate(context, scope);
        context.Line = Line;
        return filter.Apply(context, value, values);
    }
}

internal sealed class TestExpression(int line, TemplateTest test, Expression operand, ArgumentList arguments) : Expression(line)
{
    protected override TemplateValue Compute(RenderContext context, Scope scope)
    {
        TemplateValue value = operand.Evaluate(context, scope);
        CallArguments values = arguments.Evaluate(context, scope);
        context.Line = Line;
        return BooleanValue.Of(test.Holds(context, value, values));
    }
}
