using System.Collections.Frozen;
using System.Numerics;
using System.Text;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>The methods of Python's strings, dictionaries and lists that chat templates call. None changes its object.</summary>
internal static class TemplateMethods
{
    private delegate TemplateValue Method<T>(RenderContext context, T self, TemplateValue?[] arguments);

    // Attributes of a Python dict hide items of the same name from 'value.name'; these cannot be called here.
    private static readonly FrozenSet<string> OtherDictionaryAttributes =
        new[] { "clear", "copy", "fromkeys", "pop", "popitem", "setdefault", "update" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (string[] Parameters, Method<MarkedText> Call)> OnText =
        new Dictionary<string, (string[], Method<MarkedText>)>(StringComparer.Ordinal)
        {
            ["capitalize"] = ([], (_, t, _) => Values.Text(PythonText.Capitalize(t))),
            ["count"] = (["sub"], (c, t, a) => Values.Integer(t.Value.AsSpan().Count(NotEmpty(c, Text(c, a[0], "count"))))),
            ["endswith"] = (["suffix"], (c, t, a) => BooleanValue.Of(Any(c, a[0], s => t.Value.EndsWith(s, StringComparison.Ordinal)))),
            ["find"] = (["sub"], (c, t, a) => Position(t.Value, t.Value.IndexOf(Text(c, a[0], "find"), StringComparison.Ordinal))),
            ["index"] = (["sub"], (c, t, a) => t.Value.IndexOf(Text(c, a[0], "index"), StringComparison.Ordinal) is var at and >= 0
                ? Position(t.Value, at) : throw c.Fault("index: the text does not occur")),
            ["isalnum"] = ([], (_, t, _) => BooleanValue.Of(t.Length > 0 && t.Value.All(char.IsLetterOrDigit))),
            ["isalpha"] = ([], (_, t, _) => BooleanValue.Of(t.Length > 0 && t.Value.All(char.IsLetter))),
            ["isdigit"] = ([], (_, t, _) => BooleanValue.Of(t.Length > 0 && t.Value.All(char.IsDigit))),
            ["islower"] = ([], (_, t, _) => BooleanValue.Of(TemplateTests.IsCased(t.Value, char.IsLower, char.IsUpper))),
            ["isspace"] = ([], (_, t, _) => BooleanValue.Of(t.Length > 0 && t.Value.All(PythonText.IsSpace))),
            ["isupper"] = ([], (_, t, _) => BooleanValue.Of(TemplateTests.IsCased(t.Value, char.IsUpper, char.IsLower))),
            ["join"] = (["iterable"], (c, t, a) => Values.Text(PythonText.Join(
                c, t, Array.ConvertAll(Values.Iterate(c, Needed(c, a[0], "join")), i => (i as TextValue ?? throw c.Fault("join needs texts")).Text)))),
            ["lower"] = ([], (_, t, _) => Values.Text(t.Map(PythonText.Lower))),
            ["lstrip"] = (["chars"], (c, t, a) => Values.Text(PythonText.Strip(t, Characters(c, a[0]), left: true, right: false))),
            ["removeprefix"] = (["prefix"], (c, t, a) => t.Value.StartsWith(Text(c, a[0], "removeprefix"), StringComparison.Ordinal)
                ? Values.Text(t.Slice(Text(c, a[0], "removeprefix").Length)) : Values.Text(t)),
            ["removesuffix"] = (["suffix"], (c, t, a) => Text(c, a[0], "removesuffix") is { Length: > 0 } end && t.Value.EndsWith(end, StringComparison.Ordinal)
                ? Values.Text(t.Slice(0, t.Length - end.Length)) : Values.Text(t)),
            ["replace"] = (["old", "new", "count"], (c, t, a) => Values.Text(PythonText.Replace(
                c, t, MarkedText.Trusted(Text(c, a[0], "replace")), Marked(c, a[1], "replace"), Count(c, a[2])))),
            ["rfind"] = (["sub"], (c, t, a) => Position(t.Value, t.Value.LastIndexOf(Text(c, a[0], "rfind"), StringComparison.Ordinal))),
            ["rsplit"] = (["sep", "maxsplit"], (c, t, a) => List(PythonText.Split(c, t, Characters(c, a[0]), Count(c, a[1]), fromRight: true))),
            ["rstrip"] = (["chars"], (c, t, a) => Values.Text(PythonText.Strip(t, Characters(c, a[0]), left: false, right: true))),
            ["split"] = (["sep", "maxsplit"], (c, t, a) => List(PythonText.Split(c, t, Characters(c, a[0]), Count(c, a[1]), fromRight: false))),
            ["splitlines"] = ([], (c, t, _) => List(PythonText.SplitLines(c, t))),
            ["startswith"] = (["prefix"], (c, t, a) => BooleanValue.Of(Any(c, a[0], s => t.Value.StartsWith(s, StringComparison.Ordinal)))),
            ["strip"] = (["chars"], (c, t, a) => Values.Text(PythonText.Strip(t, Characters(c, a[0]), left: true, right: true))),
            ["title"] = ([], (_, t, _) => Values.Text(PythonText.Title(t, rune => !(Rune.IsUpper(rune) || Rune.IsLower(rune))))),
            ["upper"] = ([], (_, t, _) => Values.Text(t.Map(PythonText.Upper))),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (string[] Parameters, Method<MapValue> Call)> OnMap =
        new Dictionary<string, (string[], Method<MapValue>)>(StringComparer.Ordinal)
        {
            ["get"] = (["key", "default"], (c, m, a) => ScalarComparer.IsKey(Needed(c, a[0], "get")) && m.Entries.TryGetValue(a[0]!, out TemplateValue? found)
                ? found : a[1] ?? NoneValue.Instance),
            ["items"] = ([], (c, m, _) => View(c, m, e => new SequenceValue(SequenceKind.Tuple, [e.Key, e.Value]))),
            ["keys"] = ([], (c, m, _) => View(c, m, e => e.Key)),
            ["values"] = ([], (c, m, _) => View(c, m, e => e.Value)),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (string[] Parameters, Method<SequenceValue> Call)> OnList =
        new Dictionary<string, (string[], Method<SequenceValue>)>(StringComparer.Ordinal)
        {
            ["count"] = (["value"], (c, s, a) => Values.Integer(s.Items.Count(i => Values.AreEqual(c, i, Needed(c, a[0], "count"))))),
            ["index"] = (["value"], (c, s, a) => Array.FindIndex(s.Items, i => Values.AreEqual(c, i, Needed(c, a[0], "index"))) is var at and >= 0
                ? Values.Integer(at) : throw c.Fault("index: the value is not in the list")),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether some type has this method; others are refused while parsing.</summary>
    public static bool IsKnown(string name) => OnText.ContainsKey(name) || OnMap.ContainsKey(name) || OnList.ContainsKey(name) || name == "cycle";

    public static CallableValue? Find(TemplateValue value, string name) => value switch
    {
        TextValue text when OnText.TryGetValue(name, out var method) => Bind(text.Text, name, method, text.Text.Length),
        MapValue map when OnMap.TryGetValue(name, out var method) => Bind(map, name, method, 0),
        MapValue when OtherDictionaryAttributes.Contains(name) => new CallableValue(name, (c, _) => throw c.Unsupported($"the method '{name}'")),
        SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple } sequence when OnList.TryGetValue(name, out var method) => Bind(sequence, name, method, 0),
        _ => null,
    };

    /// <summary>How often to replace or split: without an argument or below zero, always.</summary>
    public static int Count(RenderContext context, TemplateValue? value) => value switch
    {
        null or NoneValue => -1,
        _ when PythonNumber.IsInteger(value) => (int)BigInteger.Clamp(PythonNumber.ToInteger(value), -1, int.MaxValue),
        _ => throw context.Fault($"a count is an integer, not {value.TypeName}"),
    };

    private static CallableValue Bind<T>(T self, string name, (string[] Parameters, Method<T> Call) method, int textLength) => new(name, (context, arguments) =>
    {
        context.ChargeText(textLength);
        return method.Call(context, self, arguments.Bind(context, name, method.Parameters));
    });

    private static TemplateValue Needed(RenderContext context, TemplateValue? value, string method) =>
        value ?? throw context.Fault($"'{method}' needs an argument");

    private static MarkedText Marked(RenderContext context, TemplateValue? value, string method) =>
        value is TextValue text ? text.Text : throw context.Fault($"'{method}' needs a text, not {value?.TypeName ?? "nothing"}");

    private static string Text(RenderContext context, TemplateValue? value, string method) => Marked(context, value, method).Value;

    private static string NotEmpty(RenderContext context, string text) =>
        text.Length > 0 ? text : throw context.Unsupported("counting the empty text");

    private static string? Characters(RenderContext context, TemplateValue? value) => value is null or NoneValue ? null : Text(context, value, "strip or split");

    private static bool Any(RenderContext context, TemplateValue? value, Func<string, bool> holds) => value is SequenceValue { Kind: SequenceKind.Tuple } tuple
        ? tuple.Items.Any(i => holds(Text(context, i, "startswith or endswith")))
        : holds(Text(context, value, "startswith or endswith"));

    private static IntegerValue Position(string text, int at) => Values.Integer(at < 0 ? -1 : PythonText.CountCodePoints(text[..at]));

    private static SequenceValue List(List<MarkedText> parts) => new(SequenceKind.List, [.. parts.Select(Values.Text)]);

    private static SequenceValue View(RenderContext context, MapValue map, Func<KeyValuePair<TemplateValue, TemplateValue>, TemplateValue> select)
    {
        context.ChargeItems(map.Entries.Count);
        return new SequenceValue(SequenceKind.View, [.. map.Entries.Select(select)]);
    }
}
