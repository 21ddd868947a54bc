using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>Values from JSON, and JSON text as Python's <c>json.dumps</c> writes it.</summary>
internal static class PythonJson
{
    private const int MaxDigits = 400;

    /// <summary>Converts JSON from outside the template: all its text is marked.</summary>
    /// <exception cref="ArgumentException">The JSON nests too deep or holds an integer of absurd length.</exception>
    public static TemplateValue FromNode(JsonNode? node, int depth = 0)
    {
        if (depth > RenderLimits.ValueDepth - 10)
        {
            throw new ArgumentException($"The JSON nests deeper than {RenderLimits.ValueDepth - 10} levels.", nameof(node));
        }

        switch (node)
        {
            case null:
                return NoneValue.Instance;
            case JsonObject map:
                OrderedDictionary<TemplateValue, TemplateValue> entries = MapValue.NewEntries();
                foreach ((string name, JsonNode? value) in map)
                {
                    entries[Values.Text(MarkedText.Outside(name))] = FromNode(value, depth + 1);
                }

                return new MapValue(entries);
            case JsonArray array:
                return new SequenceValue(SequenceKind.List, [.. array.Select(item => FromNode(item, depth + 1))]);
            default:
                return node.GetValueKind() switch
                {
                    JsonValueKind.String => Values.Text(MarkedText.Outside(node.GetValue<string>())),
                    JsonValueKind.True => BooleanValue.True,
                    JsonValueKind.False => BooleanValue.False,
                    JsonValueKind.Number => Number(node.ToJsonString()),
                    _ => NoneValue.Instance,
                };
        }
    }

    /// <summary>Reads JSON that a message carries as text; null where the text is no JSON.</summary>
    public static TemplateValue? TryParse(string text)
    {
        try
        {
            // An object may name a member twice; the tree notices when it is first walked, Python takes the last.
            return FromNode(JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = RenderLimits.ValueDepth / 2 }));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Writes a value as JSON.</summary>
    /// <param name="context">The rendering.</param>
    /// <param name="value">What to write.</param>
    /// <param name="indent">What a level is indented by, or null for one line.</param>
    /// <param name="separators">Between items, and between key and value.</param>
    /// <param name="sortKeys">Whether keys come in order of their code points.</param>
    /// <param name="asciiOnly">Whether other characters are escaped.</param>
    public static MarkedText Write(
        RenderContext context, TemplateValue value, MarkedText? indent, (MarkedText Item, MarkedText Key) separators, bool sortKeys, bool asciiOnly)
    {
        MarkedTextBuilder builder = new();
        Append(value, 1);
        return builder.ToText();

        void Append(TemplateValue current, int level)
        {
            context.ChargeText((long)builder.Length + ((indent?.Length ?? 0L) * level) > RenderLimits.TextLength ? long.MaxValue : 16);
            switch (current)
            {
                case NoneValue:
                    builder.Append("null");
                    break;
                case BooleanValue boolean:
                    builder.Append(boolean.Value ? "true" : "false");
                    break;
                case IntegerValue integer:
                    builder.Append(integer.Value.ToString(CultureInfo.InvariantCulture));
                    break;
                case FloatValue number:
                    builder.Append(FloatText(number.Value));
                    break;
                case TextValue text:
                    AppendText(context, builder, text.Text, asciiOnly);
                    break;
                case SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple } sequence:
                    AppendAll("[", "]", sequence.Items, level, item => Append(item, level + 1));
                    break;
                case MapValue map:
                    IEnumerable<KeyValuePair<TemplateValue, TemplateValue>> entries = sortKeys
                        ? map.Entries.OrderBy(e => e.Key, Comparer<TemplateValue>.Create((a, b) => Values.Compare(context, a, b) ?? 0))
                        : map.Entries;
                    AppendAll("{", "}", [.. entries], level, entry =>
                    {
                        AppendText(context, builder, Key(entry.Key), asciiOnly);
                        builder.Append(separators.Key);
                        Append(entry.Value, level + 1);
                    });
                    break;
                default:
                    throw context.Fault($"tojson cannot write a value of the type {current.TypeName}");
            }
        }

        void AppendAll<T>(string open, string close, IReadOnlyList<T> items, int level, Action<T> append)
        {
            builder.Append(open);
            for (int i = 0; i < items.Count; i++)
            {
                if (i > 0)
                {
                    builder.Append(separators.Item);
                }

                NewLine(level);
                append(items[i]);
            }

            if (items.Count > 0)
            {
                NewLine(level - 1);
            }

            builder.Append(close);
        }

        void NewLine(int level)
        {
            if (indent is not null)
            {
                builder.Append("\n");
                for (int i = 0; i < level; i++)
                {
                    builder.Append(indent);
                }
            }
        }
    }

    private static MarkedText Key(TemplateValue key) => key switch
    {
        TextValue text => text.Text,
        NoneValue => MarkedText.Trusted("null"),
        BooleanValue boolean => MarkedText.Trusted(boolean.Value ? "true" : "false"),
        FloatValue number => MarkedText.Trusted(FloatText(number.Value)),
        _ => MarkedText.Trusted(PythonNumber.ToInteger(key).ToString(CultureInfo.InvariantCulture)),
    };

    private static string FloatText(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "Infinity" : "-Infinity" : PythonNumber.Repr(value);

    private static void AppendText(RenderContext context, MarkedTextBuilder builder, MarkedText text, bool asciiOnly)
    {
        context.ChargeText((long)builder.Length + text.Length > RenderLimits.TextLength ? long.MaxValue : text.Length);
        builder.Append("\"");
        foreach (MarkedRun run in text.Runs())
        {
            ReadOnlySpan<char> rest = text.Value.AsSpan(run.Start, run.Length);
            int plain = 0;
            for (int i = 0; i < rest.Length; i++)
            {
                char c = rest[i];
                if (c >= ' ' && c is not ('"' or '\\') && (c < 0x7f || !asciiOnly))
                {
                    continue;
                }

                builder.Append(rest[plain..i], run.IsOutside);
                plain = i + 1;
                builder.Append(
                    c switch
                    {
                        '"' => "\\\"",
                        '\\' => "\\\\",
                        '\n' => "\\n",
                        '\r' => "\\r",
                        '\t' => "\\t",
                        '\f' => "\\f",
                        '\b' => "\\b",
                        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                    },
                    run.IsOutside);
            }

            builder.Append(rest[plain..], run.IsOutside);
        }

        builder.Append("\"");
    }

    private static TemplateValue Number(string text)
    {
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
        {
            return new FloatValue(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
        }

        return text.Length <= MaxDigits
            ? new IntegerValue(BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            : throw new ArgumentException($"The JSON holds an integer of {text.Length} digits; at most {MaxDigits} are read.", nameof(text));
    }
}
