using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>A filter: <c>value | name(arguments)</c>.</summary>
/// <param name="Parameters">Names of its parameters, in order.</param>
/// <param name="Apply">What it does.</param>
internal sealed record TemplateFilter(IReadOnlyList<string> Parameters, Func<RenderContext, TemplateValue, CallArguments, TemplateValue> Apply)
{
    /// <summary>For filters that take the name of another filter or test: finds it while parsing; null where that is impossible.</summary>
    public Func<ArgumentList, (TemplateFilter Filter, ArgumentList Remaining)?>? Resolve { get; init; }
}

/// <summary>The filters of Jinja that chat templates use, and <c>parse_json</c>, which the built-in templates need.</summary>
internal static class TemplateFilters
{
    private static readonly FrozenDictionary<string, TemplateFilter> All = new Dictionary<string, TemplateFilter>(StringComparer.Ordinal)
    {
        ["abs"] = Simple([], (c, v, _) => v switch
        {
            FloatValue number => new FloatValue(Math.Abs(number.Value)),
            _ when PythonNumber.IsInteger(v) => new IntegerValue(BigInteger.Abs(PythonNumber.ToInteger(v))),
            _ => throw c.Fault($"abs needs a number, not {v.TypeName}"),
        }),
        ["capitalize"] = OnText((c, text) => PythonText.Capitalize(text)),
        ["count"] = Simple([], (c, v, _) => Values.Integer(Values.Count(c, v))),
        ["d"] = Simple(["default_value", "boolean"], Default),
        ["default"] = Simple(["default_value", "boolean"], Default),
        ["dictsort"] = Simple(["case_sensitive", "by", "reverse"], DictSort),
        ["first"] = Simple([], First),
        ["float"] = Simple(["default"], ToFloat),
        ["indent"] = Simple(["width", "first", "blank"], Indent),
        ["int"] = Simple(["default"], ToInteger),
        ["items"] = Simple([], (c, v, _) => v switch
        {
            MapValue map => new GeneratorValue([.. Pairs(c, map)]),
            UndefinedValue => new GeneratorValue([]),
            _ => throw c.Fault($"items needs a dictionary, not {v.TypeName}"),
        }),
        ["join"] = Simple(["d", "attribute"], Join),
        ["last"] = Simple([], Last),
        ["length"] = Simple([], (c, v, _) => Values.Integer(Values.Count(c, v))),
        ["list"] = Simple([], (c, v, _) => new SequenceValue(SequenceKind.List, Values.Iterate(c, v))),
        ["lower"] = OnText((c, text) => text.Map(PythonText.Lower)),
        ["map"] = new TemplateFilter([], Unresolved) { Resolve = ResolveMap },
        ["max"] = Simple(["case_sensitive", "attribute"], (c, v, a) => Extreme(c, v, a, 1)),
        ["min"] = Simple(["case_sensitive", "attribute"], (c, v, a) => Extreme(c, v, a, -1)),
        ["parse_json"] = Simple([], (c, v, _) => v is TextValue text ? PythonJson.TryParse(text.Value) is { } json ? c.Bounded(json) : v : v),
        ["reject"] = new TemplateFilter([], Unresolved) { Resolve = a => ResolveSelect(a, wanted: false, byAttribute: false) },
        ["rejectattr"] = new TemplateFilter([], Unresolved) { Resolve = a => ResolveSelect(a, wanted: false, byAttribute: true) },
        ["replace"] = Simple(["old", "new", "count"], Replace),
        ["reverse"] = Simple([], Reverse),
        ["safe"] = OnText((c, text) => text),
        ["select"] = new TemplateFilter([], Unresolved) { Resolve = a => ResolveSelect(a, wanted: true, byAttribute: false) },
        ["selectattr"] = new TemplateFilter([], Unresolved) { Resolve = a => ResolveSelect(a, wanted: true, byAttribute: true) },
        ["sort"] = Simple(["reverse", "case_sensitive", "attribute"], Sort),
        ["string"] = OnText((c, text) => text),
        ["sum"] = Simple(["attribute", "start"], Sum),
        ["title"] = OnText((c, text) => PythonText.Title(text, IsTitleBreak)),
        ["tojson"] = Simple(["ensure_ascii", "indent", "separators", "sort_keys"], ToJson),
        ["trim"] = Simple(["chars"], (c, v, a) =>
            Values.Text(PythonText.Strip(Values.ToText(c, v), TextOrNull(c, a[0], "trim"), left: true, right: true))),
        ["unique"] = Simple(["case_sensitive", "attribute"], Unique),
        ["upper"] = OnText((c, text) => text.Map(PythonText.Upper)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static TemplateFilter? Find(string name) => All.TryGetValue(name, out TemplateFilter? filter) ? filter : null;

    /// <summary>Text in lower case, other values as they are: how Jinja ignores case in sorting.</summary>
    private static TemplateValue IgnoreCase(TemplateValue value) => value is TextValue text ? Values.Text(text.Text.Map(PythonText.Lower)) : value;

    private static TemplateFilter Simple(string[] parameters, Func<RenderContext, TemplateValue, TemplateValue?[], TemplateValue> apply) =>
        new(parameters, (context, value, arguments) => apply(context, value, arguments.Bind(context, "the filter", parameters)));

    private static TemplateFilter OnText(Func<RenderContext, MarkedText, MarkedText> change) => Simple([], (context, value, _) =>
    {
        MarkedText text = Values.ToText(context, value);
        context.ChargeText(text.Length);
        return Values.Text(change(context, text));
    });

    private static TemplateValue Unresolved(RenderContext context, TemplateValue value, CallArguments arguments) =>
        throw new InvalidOperationException("A filter that takes a name is resolved by the parser.");

    private static bool IsTrue(TemplateValue? value, bool absent = false) => value?.IsTrue ?? absent;

    private static string? TextOrNull(RenderContext context, TemplateValue? value, string filter) => value switch
    {
        null or NoneValue => null,
        TextValue text => text.Value,
        _ => throw context.Fault($"{filter} needs a text, not {value.TypeName}"),
    };

    private static bool IsTitleBreak(Rune rune) => rune.Value is '-' or '(' or '{' or '[' or '<' || (rune.IsBmp && PythonText.IsSpace((char)rune.Value));

    private static TemplateValue Default(RenderContext context, TemplateValue value, TemplateValue?[] a) =>
        value is UndefinedValue || (IsTrue(a[1]) && !value.IsTrue) ? a[0] ?? TextValue.Empty : value;

    private static IEnumerable<TemplateValue> Pairs(RenderContext context, MapValue map)
    {
        context.ChargeItems(map.Entries.Count);
        return map.Entries.Select(e => new SequenceValue(SequenceKind.Tuple, [e.Key, e.Value]));
    }

    private static SequenceValue DictSort(RenderContext context, TemplateValue value, TemplateValue?[] a)
    {
        MapValue map = value as MapValue ?? throw context.Fault($"dictsort needs a dictionary, not {value.TypeName}");
        int position = a[1] switch
        {
            null or TextValue { Value: "key" } => 0,
            TextValue { Value: "value" } => 1,
            _ => throw context.Fault("dictsort sorts by 'key' or 'value'"),
        };
        return Sorted(context, [.. Pairs(context, map)], pair => ((SequenceValue)pair).Items[position], IsTrue(a[0]), IsTrue(a[2]));
    }

    private static TemplateValue First(RenderContext context, TemplateValue value, TemplateValue?[] a) =>
        value is GeneratorValue generator
            ? generator.TakeNext() ?? new UndefinedValue("there is no first item")
            : Values.Iterate(context, value) is [var first, ..] ? first : new UndefinedValue("there is no first item");

    private static TemplateValue Last(RenderContext context, TemplateValue value, TemplateValue?[] a) =>
        value is GeneratorValue ? throw context.Fault($"a value of the type {value.TypeName} has no last item")
        : Values.Iterate(context, value) is [.., var last] ? last : new UndefinedValue("there is no last item");

    private static TemplateValue ToInteger(RenderContext context, TemplateValue value, TemplateValue?[] a)
    {
        TemplateValue absent = a[0] ?? Values.Integer(0);
        switch (value)
        {
            case UndefinedValue undefined:
                throw context.Fault(undefined.Description);
            case FloatValue number:
                return double.IsFinite(number.Value) ? new IntegerValue(new BigInteger(number.Value)) : absent;
            case TextValue text when text.Text.Length <= 400:
                string digits = PythonText.Strip(text.Text, null, left: true, right: true).Value;
                return BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger integer) ? new IntegerValue(integer)
                    : TryParseFloat(digits) is { } real && double.IsFinite(real) ? new IntegerValue(new BigInteger(real)) : absent;
            default:
                return PythonNumber.IsInteger(value) ? new IntegerValue(PythonNumber.ToInteger(value)) : absent;
        }
    }

    private static TemplateValue ToFloat(RenderContext context, TemplateValue value, TemplateValue?[] a) => value switch
    {
        UndefinedValue undefined => throw context.Fault(undefined.Description),
        TextValue { Text.Length: <= 400 } text when TryParseFloat(PythonText.Strip(text.Text, null, left: true, right: true).Value) is { } real => new FloatValue(real),
        _ when PythonNumber.IsNumber(value) => new FloatValue(PythonNumber.ToDouble(value)),
        _ => a[0] ?? new FloatValue(0),
    };

    private static double? TryParseFloat(string text) =>
        text.Any(char.IsLetter) && !text.TrimStart('+', '-').All(c => char.IsAsciiDigit(c) || c is '.' or 'e' or 'E' or '+' or '-') ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static TextValue Indent(RenderContext context, TemplateValue value, TemplateValue?[] a)
    {
        MarkedText space = a[0] switch
        {
            null => MarkedText.Trusted("    "),
            TextValue text => text.Text,
            { } width when PythonNumber.IsInteger(width) => MarkedText.Trusted(new string(' ', (int)BigInteger.Clamp(PythonNumber.ToInteger(width), 0, 1000))),
            _ => throw context.Fault("indent needs a number or a text"),
        };
        MarkedText newLine = MarkedText.Trusted("\n");
        MarkedText source = (value as TextValue ?? throw context.Fault($"indent needs a text, not {value.TypeName}")).Text;
        List<MarkedText> lines = PythonText.SplitLines(context, new MarkedTextBuilder().Append(source).Append(newLine).ToText());
        context.ChargeText(source.Length + ((long)lines.Count * space.Length));
        bool blank = IsTrue(a[2]);
        MarkedTextBuilder builder = new();
        for (int i = 0; i < lines.Count; i++)
        {
            builder.Append(i > 0 ? newLine : MarkedText.Empty);
            builder.Append(i == 0 ? IsTrue(a[1]) ? space : MarkedText.Empty : blank || lines[i].Length > 0 ? space : MarkedText.Empty);
            builder.Append(lines[i]);
        }

        return Values.Text(builder.ToText());
    }

    private static TextValue Join(RenderContext context, TemplateValue value, TemplateValue?[] a)
    {
        MarkedText separator = a[0] is null ? MarkedText.Empty : Values.ToText(context, a[0]!);
        Func<TemplateValue, TemplateValue> get = Getter(context, a[1], null);
        TemplateValue[] items = Values.Iterate(context, value);
        context.ChargeItems(items.Length);
        return Values.Text(PythonText.Join(context, separator, Array.ConvertAll(items, i => Values.ToText(context, get(i)))));
    }

    private static TextValue Replace(RenderContext context, TemplateValue value, TemplateValue?[] a)
    {
        if (a[0] is null || a[1] is null)
        {
            throw context.Fault("replace needs the old and the new text");
        }

        MarkedText text = Values.ToText(context, value);
        context.ChargeText(text.Length);
        return Values.Text(PythonText.Replace(
            context, text, Values.ToText(context, a[0]!), Values.ToText(context, a[1]!), TemplateMethods.Count(context, a[2])));
    }

    private static TemplateValue Reverse(RenderContext context, TemplateValue value, TemplateValue?[] a)
    {
        if (value is TextValue)
        {
            return Values.Slice(context, value, null, null, BigInteger.MinusOne);
        }

        TemplateValue[] items = [.. Values.Iterate(context, value)];
        Array.Reverse(items);
        context.ChargeItems(items.Length);
        return new GeneratorValue(items);
    }

    private static SequenceValue Sort(RenderContext context, TemplateValue value, TemplateValue?[] a) =>
        Sorted(context, Values.Iterate(context, value), Getter(context, a[2], null), IsTrue(a[1]), IsTrue(a[0]));

    private static SequenceValue Sorted(
        RenderContext context, TemplateValue[] items, Func<TemplateValue, TemplateValue> key, bool isCaseSensitive, bool isReverse)
    {
        context.ChargeItems(items.Length);
        Comparer<TemplateValue> comparer = Comparer<TemplateValue>.Create((x, y) => Values.Compare(context, x, y) ?? 0);
        Func<TemplateValue, TemplateValue> full = isCaseSensitive ? key : item => IgnoreCase(key(item));
        try
        {
            return new SequenceValue(SequenceKind.List, [.. isReverse ? items.OrderByDescending(full, comparer) : items.OrderBy(full, comparer)]);
        }
        catch (InvalidOperationException exception) when (exception.InnerException is ModelFormatException inner)
        {
            throw inner;
        }
    }

    private static TemplateValue Sum(RenderContext context, TemplateValue value, TemplateValue?[] a)
    {
        Func<TemplateValue, TemplateValue> get = Getter(context, a[0], null);
        TemplateValue sum = a[1] ?? Values.Integer(0);
        foreach (TemplateValue item in Values.Iterate(context, value))
        {
            context.Charge();
            TemplateValue next = get(item);
            sum = PythonNumber.IsNumber(sum) && PythonNumber.IsNumber(next)
                ? PythonNumber.Calculate(context, "+", sum, next)
                : throw context.Fault($"sum needs numbers, not {sum.TypeName} and {next.TypeName}");
        }

        return sum;
    }

    private static TemplateValue Extreme(RenderContext context, TemplateValue value, TemplateValue?[] a, int sign)
    {
        Func<TemplateValue, TemplateValue> get = Getter(context, a[1], null);
        Func<TemplateValue, TemplateValue> key = IsTrue(a[0]) ? get : item => IgnoreCase(get(item));
        TemplateValue? best = null;
        foreach (TemplateValue item in Values.Iterate(context, value))
        {
            best = best is null || Values.Compare(context, key(item), key(best)) * sign > 0 ? item : best;
        }

        return best ?? new UndefinedValue("there is no item");
    }

    private static GeneratorValue Unique(RenderContext context, TemplateValue value, TemplateValue?[] a)
    {
        Func<TemplateValue, TemplateValue> get = Getter(context, a[1], null);
        HashSet<TemplateValue> seen = new(ScalarComparer.Instance);
        TemplateValue[] items = Values.Iterate(context, value);
        context.ChargeItems(items.Length);
        return new GeneratorValue(Array.FindAll(items, item =>
        {
            TemplateValue key = IsTrue(a[0]) ? get(item) : IgnoreCase(get(item));
            return ScalarComparer.IsKey(key) ? seen.Add(key) : throw context.Fault($"unique cannot compare values of the type {key.TypeName}");
        }));
    }

    private static TextValue ToJson(RenderContext context, TemplateValue value, TemplateValue?[] a)
    {
        MarkedText? indent = a[1] switch
        {
            null or NoneValue => null,
            TextValue text => text.Text,
            { } width when PythonNumber.IsInteger(width) => MarkedText.Trusted(new string(' ', (int)BigInteger.Clamp(PythonNumber.ToInteger(width), 0, 100))),
            { } other => throw context.Fault($"the indent of tojson is a number or a text, not {other.TypeName}"),
        };
        (MarkedText, MarkedText) separators = a[2] switch
        {
            null or NoneValue => (MarkedText.Trusted(indent is null ? ", " : ","), MarkedText.Trusted(": ")),
            SequenceValue { Items: [TextValue item, TextValue key] } => (item.Text, key.Text),
            _ => throw context.Fault("the separators of tojson are two texts"),
        };
        return Values.Text(PythonJson.Write(context, value, indent, separators, IsTrue(a[3]), IsTrue(a[0])));
    }

    /// <summary>What the parameter <c>attribute</c> means: a path of names and numbers, or the item itself.</summary>
    private static Func<TemplateValue, TemplateValue> Getter(RenderContext context, TemplateValue? attribute, TemplateValue? absent)
    {
        TemplateValue[] path = attribute switch
        {
            null or NoneValue => [],
            TextValue text => [.. text.Value.Split('.').Select(Part)],
            { } index when PythonNumber.IsInteger(index) => [index],
            { } other => throw context.Fault($"an attribute is named by a text or a number, not {other.TypeName}"),
        };
        return item =>
        {
            foreach (TemplateValue part in path)
            {
                context.Charge();
                item = Values.Index(context, item, part);
                if (item is UndefinedValue && absent is not null)
                {
                    item = absent;
                }
            }

            return item;
        };

        static TemplateValue Part(string part) => part.Length is > 0 and < 10 && part.All(char.IsAsciiDigit)
            ? Values.Integer(int.Parse(part, CultureInfo.InvariantCulture))
            : Values.Text(MarkedText.Trusted(part));
    }

    private static (TemplateFilter, ArgumentList)? ResolveMap(ArgumentList arguments)
    {
        if (arguments.Positional.Length == 0)
        {
            string[] parameters = ["attribute", "default"];
            return arguments.Named.Length == 0 || arguments.Named.Any(n => !parameters.Contains(n.Key)) || arguments.Named.All(n => n.Key != "attribute")
                ? null
                : (new TemplateFilter(parameters, (context, value, given) =>
                {
                    TemplateValue?[] a = given.Bind(context, "map", parameters);
                    Func<TemplateValue, TemplateValue> get = Getter(context, a[0], a[1]);
                    return Each(context, value, get);
                }), arguments);
        }

        if (ConstantName(arguments.Positional[0]) is not { } name || Find(name) is not { Resolve: null } inner
            || arguments.Positional.Length - 1 > inner.Parameters.Count || arguments.Named.Any(n => !inner.Parameters.Contains(n.Key)))
        {
            return null;
        }

        return (new TemplateFilter([], (context, value, given) => Each(context, value, item => inner.Apply(context, item, given))),
            arguments with { Positional = arguments.Positional[1..] });
    }

    private static (TemplateFilter, ArgumentList)? ResolveSelect(ArgumentList arguments, bool wanted, bool byAttribute)
    {
        int skip = byAttribute ? 1 : 0;
        if (arguments.Named.Length > 0 || arguments.Positional.Length < skip)
        {
            return null;
        }

        TemplateTest? test = null;
        if (arguments.Positional.Length > skip)
        {
            test = ConstantName(arguments.Positional[skip]) is { } name ? TemplateTests.Find(name) : null;
            if (test is null || arguments.Positional.Length - skip - 1 > test.Parameters.Count)
            {
                return null;
            }
        }

        return (new TemplateFilter([], (context, value, given) =>
        {
            Func<TemplateValue, TemplateValue> get = Getter(context, byAttribute ? given.Positional[0] : null, null);
            CallArguments rest = test is null ? CallArguments.None : new CallArguments(given.Positional[(skip + 1)..], []);
            TemplateValue[] items = WalkIfTrue(context, value);
            return new GeneratorValue(Array.FindAll(items, item => (test is null ? get(item).IsTrue : test.Holds(context, get(item), rest)) == wanted));
        }), arguments);
    }

    private static GeneratorValue Each(RenderContext context, TemplateValue value, Func<TemplateValue, TemplateValue> change)
    {
        TemplateValue[] items = WalkIfTrue(context, value);
        return context.Bounded(new GeneratorValue(Array.ConvertAll(items, item => change(item))));
    }

    /// <summary>The filters of this kind take whatever is false for nothing, even where it cannot be walked.</summary>
    private static TemplateValue[] WalkIfTrue(RenderContext context, TemplateValue value)
    {
        TemplateValue[] items = value.IsTrue ? Values.Iterate(context, value) : [];
        context.ChargeItems(items.Length);
        return items;
    }

    private static string? ConstantName(Expression expression) => expression is ConstantExpression { Value: TextValue name } ? name.Value : null;
}
