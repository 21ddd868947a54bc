using System.Collections.Frozen;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>A test: <c>value is name(arguments)</c>.</summary>
internal sealed record TemplateTest(IReadOnlyList<string> Parameters, Func<RenderContext, TemplateValue, CallArguments, bool> Holds);

/// <summary>The tests of Jinja that chat templates use.</summary>
internal static class TemplateTests
{
    private static readonly FrozenDictionary<string, TemplateTest> All = Create().ToFrozenDictionary(StringComparer.Ordinal);

    public static TemplateTest? Find(string name) => All.TryGetValue(name, out TemplateTest? test) ? test : null;

    private static Dictionary<string, TemplateTest> Create()
    {
        Dictionary<string, TemplateTest> tests = new(StringComparer.Ordinal)
        {
            ["boolean"] = Of((_, v) => v is BooleanValue),
            ["callable"] = Of((_, v) => v is CallableValue),
            ["defined"] = Of((_, v) => v is not UndefinedValue),
            ["divisibleby"] = With("num", (c, v, other) => Remainder(c, v, other) == 0),
            ["even"] = Of((c, v) => Remainder(c, v, Values.Integer(2)) == 0),
            ["false"] = Of((_, v) => v is BooleanValue { Value: false }),
            ["float"] = Of((_, v) => v is FloatValue),
            ["in"] = With("seq", (c, v, other) => Values.Contains(c, other, v)),
            ["integer"] = Of((_, v) => v is IntegerValue),
            ["iterable"] = Of((_, v) => v is SequenceValue or MapValue or TextValue or UndefinedValue or GeneratorValue),
            ["lower"] = Of((c, v) => IsCased(Values.ToText(c, v).Value, char.IsLower, char.IsUpper)),
            ["mapping"] = Of((_, v) => v is MapValue),
            ["none"] = Of((_, v) => v is NoneValue),
            ["number"] = Of((_, v) => PythonNumber.IsNumber(v)),
            ["odd"] = Of((c, v) => Remainder(c, v, Values.Integer(2)) == 1),
            ["sequence"] = Of((_, v) => v is SequenceValue { Kind: not SequenceKind.View } or MapValue or TextValue or UndefinedValue),
            ["string"] = Of((_, v) => v is TextValue),
            ["true"] = Of((_, v) => v is BooleanValue { Value: true }),
            ["undefined"] = Of((_, v) => v is UndefinedValue),
            ["upper"] = Of((c, v) => IsCased(Values.ToText(c, v).Value, char.IsUpper, char.IsLower)),
        };
        foreach ((string symbol, string[] names) in new (string, string[])[]
            {
                ("==", ["eq", "equalto"]), ("!=", ["ne"]), ("<", ["lt", "lessthan"]), ("<=", ["le"]), (">", ["gt", "greaterthan"]), (">=", ["ge"]),
            })
        {
            TemplateTest test = With("other", (c, v, other) => CompareExpression.Holds(c, symbol, v, other));
            tests[symbol] = test;
            foreach (string name in names)
            {
                tests[name] = test;
            }
        }

        return tests;
    }

    private static TemplateTest Of(Func<RenderContext, TemplateValue, bool> holds) => new([], (context, value, arguments) =>
    {
        arguments.Bind(context, "the test", []);
        return holds(context, value);
    });

    private static TemplateTest With(string parameter, Func<RenderContext, TemplateValue, TemplateValue, bool> holds)
    {
        string[] parameters = [parameter];
        return new(parameters, (context, value, arguments) => holds(
            context, value, arguments.Bind(context, "the test", parameters)[0] ?? throw context.Fault($"the test needs the argument '{parameter}'")));
    }

    private static double Remainder(RenderContext context, TemplateValue value, TemplateValue divisor) =>
        PythonNumber.IsNumber(value) && PythonNumber.IsNumber(divisor)
            ? PythonNumber.ToDouble(PythonNumber.Calculate(context, "%", value, divisor))
            : throw context.Fault($"the test needs numbers, not {value.TypeName} and {divisor.TypeName}");

    internal static bool IsCased(string text, Func<char, bool> wanted, Func<char, bool> other) => text.Any(wanted) && !text.Any(other);
}
