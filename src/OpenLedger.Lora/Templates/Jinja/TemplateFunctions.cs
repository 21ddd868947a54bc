using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>The functions that a chat template finds: Jinja's, and the two that Hugging Face adds.</summary>
internal static class TemplateFunctions
{
    public static readonly FrozenDictionary<string, CallableValue> All = new CallableValue[]
    {
        new("dict", (context, arguments) => Dictionary(context, arguments)),
        new("joiner", Joiner),
        new("namespace", (context, arguments) => new NamespaceValue(Dictionary(context, arguments).Entries
            .ToDictionary(e => Values.ToText(context, e.Key).Value, e => e.Value, StringComparer.Ordinal))),
        new("raise_exception", (context, arguments) => throw new ArgumentException(
            "The chat template refuses the conversation: " + Values.ToText(context, arguments.Bind(context, "raise_exception", ["message"])[0] ?? TextValue.Empty).Value)),
        new("range", Range),
        new("strftime_now", FormatNow),
    }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    private static MapValue Dictionary(RenderContext context, CallArguments arguments)
    {
        OrderedDictionary<TemplateValue, TemplateValue> entries = MapValue.NewEntries();
        if (arguments.Positional.Length > 0)
        {
            MapValue map = arguments.Positional.Length == 1 && arguments.Positional[0] is MapValue given
                ? given : throw context.Fault("a dictionary or namespace is made of named arguments or one dictionary");
            context.ChargeItems(map.Entries.Count);
            foreach ((TemplateValue key, TemplateValue value) in map.Entries)
            {
                entries[key] = value;
            }
        }

        foreach ((string name, TemplateValue value) in arguments.Named)
        {
            entries[Values.Text(MarkedText.Trusted(name))] = value;
        }

        return context.Bounded(new MapValue(entries));
    }

    /// <summary>Nothing when first called, the separator afterwards.</summary>
    private static CallableValue Joiner(RenderContext context, CallArguments arguments)
    {
        TemplateValue separator = arguments.Bind(context, "joiner", ["sep"])[0] ?? Values.Text(MarkedText.Trusted(", "));
        bool isUsed = false;
        return new CallableValue("joiner", (_, _) =>
        {
            TemplateValue result = isUsed ? separator : TextValue.Empty;
            isUsed = true;
            return result;
        });
    }

    private static SequenceValue Range(RenderContext context, CallArguments arguments)
    {
        BigInteger[] bounds = Array.ConvertAll(arguments.Positional, a => PythonNumber.IsInteger(a)
            ? PythonNumber.ToInteger(a) : throw context.Fault($"range needs integers, not {a.TypeName}"));
        if (bounds.Length is < 1 or > 3 || arguments.Named.Count > 0)
        {
            throw context.Fault("range takes one to three integers");
        }

        BigInteger start = bounds.Length == 1 ? 0 : bounds[0];
        BigInteger stop = bounds.Length == 1 ? bounds[0] : bounds[1];
        BigInteger step = bounds.Length == 3 ? bounds[2] : 1;
        if (step.IsZero)
        {
            throw context.Fault("the step of range cannot be zero");
        }

        BigInteger count = BigInteger.Max(0, step.Sign > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step);
        if (count > RenderLimits.RangeLength)
        {
            throw context.Limit($"a range has more than {RenderLimits.RangeLength} items");
        }

        context.ChargeItems((long)count);
        var items = new TemplateValue[(int)count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = PythonNumber.Bounded(context, start + (step * i));
        }

        return new SequenceValue(SequenceKind.Range, items);
    }

    /// <summary>The local time by Python's <c>strftime</c> in the C locale.</summary>
    private static TextValue FormatNow(RenderContext context, CallArguments arguments)
    {
        MarkedText given = arguments.Bind(context, "strftime_now", ["format"])[0] is TextValue text && text.Text.Length <= 1000
            ? text.Text : throw context.Fault("strftime_now needs a short text");
        string format = given.Value;
        DateTimeOffset now = context.TimeProvider.GetLocalNow();
        StringBuilder result = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                result.Append(format[i]);
                continue;
            }

            bool isShort = format[++i] == '-' && i + 1 < format.Length;
            i += isShort ? 1 : 0;
            string? net = format[i] switch
            {
                'Y' => "yyyy",
                'y' => "yy",
                'm' => "MM",
                'd' => "dd",
                'H' => "HH",
                'I' => "hh",
                'M' => "mm",
                'S' => "ss",
                'B' => "MMMM",
                'b' or 'h' => "MMM",
                'A' => "dddd",
                'a' => "ddd",
                'p' => "tt",
                'F' => "yyyy-MM-dd",
                'T' => "HH:mm:ss",
                _ => null,
            };
            string part = format[i] switch
            {
                '%' => "%",
                'j' => now.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
                _ => net is null ? throw context.Unsupported($"the directive '%{format[i]}' of strftime_now") : now.ToString(net, CultureInfo.InvariantCulture),
            };
            result.Append(isShort ? part.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0" : part);
        }

        bool isTrusted = !given.Runs().Any(r => r.IsOutside);
        return Values.Text(isTrusted ? MarkedText.Trusted(result.ToString()) : MarkedText.Outside(result.ToString()));
    }
}
