namespace OpenLedger.Lora.Templates.Jinja;

internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>A node that prints or sets.</summary>
internal abstract class Statement(int line)
{
    public int Line => line;

    public abstract Flow Execute(RenderContext context, Scope scope);
}

internal sealed class BlockStatement(int line, Statement[] statements) : Statement(line)
{
    public override Flow Execute(RenderContext context, Scope scope)
    {
        context.Enter();
        Flow flow = Flow.Next;
        foreach (Statement statement in statements)
        {
            context.Charge();
            flow = statement.Execute(context, scope);
            if (flow != Flow.Next)
            {
                break;
            }
        }

        context.Leave();
        return flow;
    }

    /// <summary>Executes with the output going into a text of its own, in a scope of its own.</summary>
    public MarkedText Capture(RenderContext context, Scope scope)
    {
        MarkedTextBuilder outer = context.Output;
        context.Output = new MarkedTextBuilder();
        Execute(context, new Scope(scope));
        MarkedText text = context.Output.ToText();
        context.Output = outer;
        return text;
    }
}

internal sealed class DataStatement(int line, string data) : Statement(line)
{
    private readonly MarkedText _data = MarkedText.Trusted(data);

    public override Flow Execute(RenderContext context, Scope scope)
    {
        context.Print(_data);
        return Flow.Next;
    }
}

internal sealed class PrintStatement(int line, Expression expression) : Statement(line)
{
    public override Flow Execute(RenderContext context, Scope scope)
    {
        context.Line = Line;
        TemplateValue value = expression.Evaluate(context, scope);
        context.Line = Line;
        context.Print(Values.ToText(context, value));
        return Flow.Next;
    }
}

internal sealed class IfStatement(int line, (Expression Test, BlockStatement Body)[] branches, BlockStatement? otherwise) : Statement(line)
{
    public override Flow Execute(RenderContext context, Scope scope)
    {
        foreach ((Expression test, BlockStatement body) in branches)
        {
            context.Line = test.Line;
            if (test.Evaluate(context, scope).IsTrue)
            {
                return body.Execute(context, scope);
            }
        }

        return otherwise?.Execute(context, scope) ?? Flow.Next;
    }
}

internal sealed class ForStatement(
    int line, AssignmentTarget target, Expression items, Expression? condition, BlockStatement body, BlockStatement? otherwise) : Statement(line)
{
    public override Flow Execute(RenderContext context, Scope scope)
    {
        context.Line = Line;
        TemplateValue walked = items.Evaluate(context, scope);
        context.Line = Line;
        TemplateValue[] values = Values.Iterate(context, walked);
        if (condition is not null)
        {
            values = Array.FindAll(values, value =>
            {
                Scope filter = new(scope);
                target.Assign(context, filter, value);
                return condition.Evaluate(context, filter).IsTrue;
            });
        }

        LoopValue loop = new(values);
        for (int i = 0; i < values.Length; i++)
        {
            // Every round has its own variables: what one sets, the next does not see.
            Scope round = new(scope);
            loop.Index = i;
            round.Set("loop", loop);
            context.Line = Line;
            target.Assign(context, round, values[i]);
            if (body.Execute(context, round) == Flow.Break)
            {
                break;
            }
        }

        if (values.Length == 0)
        {
            otherwise?.Execute(context, new Scope(scope));
        }

        return Flow.Next;
    }
}

internal sealed class SetStatement(int line, AssignmentTarget target, Expression value) : Statement(line)
{
    public override Flow Execute(RenderContext context, Scope scope)
    {
        context.Line = Line;
        TemplateValue result = value.Evaluate(context, scope);
        context.Line = Line;
        target.Assign(context, scope, result);
        return Flow.Next;
    }
}

/// <summary><c>{% set name %}…{% endset %}</c>, through filters where there are some.</summary>
internal sealed class SetBlockStatement(int line, AssignmentTarget target, BlockStatement body, FilterExpression[] filters) : Statement(line)
{
    public override Flow Execute(RenderContext context, Scope scope)
    {
        TemplateValue value = Values.Text(body.Capture(context, scope));
        foreach (FilterExpression filter in filters)
        {
            value = filter.Apply(context, scope, value);
        }

        context.Line = Line;
        target.Assign(context, scope, value);
        return Flow.Next;
    }
}

internal sealed class FilterBlockStatement(int line, BlockStatement body, FilterExpression[] filters) : Statement(line)
{
    public override Flow Execute(RenderContext context, Scope scope)
    {
        TemplateValue value = Values.Text(body.Capture(context, scope));
        foreach (FilterExpression filter in filters)
        {
            value = filter.Apply(context, scope, value);
        }

        context.Print(Values.ToText(context, value));
        return Flow.Next;
    }
}

/// <summary><c>{% generation %}</c>, which marks what a model is trained on, and <c>{% with %}</c>: a scope, nothing else.</summary>
internal sealed class ScopeStatement(int line, (AssignmentTarget Target, Expression Value)[] variables, BlockStatement body) : Statement(line)
{
    public override Flow Execute(RenderContext context, Scope scope)
    {
        Scope inner = new(scope);
        foreach ((AssignmentTarget target, Expression value) in variables)
        {
            target.Assign(context, inner, value.Evaluate(context, scope));
        }

        return body.Execute(context, inner);
    }
}

internal sealed class MacroStatement(int line, string name, (string Name, Expression? Default)[] parameters, BlockStatement body) : Statement(line)
{
    private readonly string[] _names = Array.ConvertAll(parameters, p => p.Name);

    public override Flow Execute(RenderContext context, Scope scope)
    {
        scope.Set(name, new CallableValue(name, (caller, arguments) => Call(caller, scope, arguments)));
        return Flow.Next;
    }

    private TextValue Call(RenderContext context, Scope definition, CallArguments arguments)
    {
        TemplateValue?[] values = arguments.Bind(context, name, _names);
        Scope scope = new(definition);
        for (int i = 0; i < values.Length; i++)
        {
            scope.Set(_names[i], values[i] ?? parameters[i].Default?.Evaluate(context, scope) ?? new UndefinedValue($"parameter '{_names[i]}' was not provided"));
        }

        context.Enter();
        MarkedText text = body.Capture(context, scope);
        context.Leave();
        return Values.Text(text);
    }
}

internal sealed class JumpStatement(int line, Flow flow) : Statement(line)
{
    public override Flow Execute(RenderContext context, Scope scope) => flow;
}

/// <summary>What stands on the left of an assignment: a name, an attribute of a namespace, or several of these.</summary>
internal abstract class AssignmentTarget
{
    public abstract void Assign(RenderContext context, Scope scope, TemplateValue value);
}

internal sealed class NameTarget(string name) : AssignmentTarget
{
    public string Name => name;

    public override void Assign(RenderContext context, Scope scope, TemplateValue value) => scope.Set(name, value);
}

internal sealed class NamespaceTarget(string name, string attribute) : AssignmentTarget
{
    public override void Assign(RenderContext context, Scope scope, TemplateValue value)
    {
        if (scope.Find(name) is not NamespaceValue space)
        {
            throw context.Fault($"'{name}.{attribute}' can only be set where '{name}' is a namespace");
        }

        space.Attributes[attribute] = value;
    }
}

internal sealed class TupleTarget(AssignmentTarget[] targets) : AssignmentTarget
{
    public override void Assign(RenderContext context, Scope scope, TemplateValue value)
    {
        TemplateValue[] values = value is UndefinedValue ? [] : Values.Iterate(context, value);
        if (values.Length != targets.Length)
        {
            throw context.Fault($"{targets.Length} names are set from {values.Length} values");
        }

        for (int i = 0; i < targets.Length; i++)
        {
            targets[i].Assign(context, scope, values[i]);
        }
    }
}
