using System.Numerics;

namespace OpenLedger.Lora.Templates.Jinja;

/// <summary>What Python does with values whatever their type: compare, walk, count, index and print them.</summary>
internal static class Values
{
    public static IntegerValue Integer(long value) => new(value);

    public static TextValue Text(MarkedText text) => text.Length == 0 ? TextValue.Empty : new TextValue(text);

    public static bool AreEqual(RenderContext context, TemplateValue left, TemplateValue right)
    {
        context.Charge();
        switch (left, right)
        {
            case (SequenceValue a, SequenceValue b):
                return a.Kind == b.Kind && a.Kind != SequenceKind.View && a.Items.Length == b.Items.Length
                    && a.Items.Zip(b.Items).All(pair => AreEqual(context, pair.First, pair.Second));
            case (MapValue a, MapValue b):
                return a.Entries.Count == b.Entries.Count
                    && a.Entries.All(e => b.Entries.TryGetValue(e.Key, out TemplateValue? other) && AreEqual(context, e.Value, other));
            case (UndefinedValue, UndefinedValue):
                return true;
            case (TextValue a, TextValue b):
                context.Charge(Math.Min(a.Text.Length, b.Text.Length) / 64);
                return a.Value == b.Value;
            default:
                return ReferenceEquals(left, right) || ScalarComparer.Instance.Equals(left, right);
        }
    }

    /// <summary>Negative, zero or positive; null where one is NaN. Types without an order are a fault.</summary>
    public static int? Compare(RenderContext context, TemplateValue left, TemplateValue right)
    {
        context.Charge();
        switch (left, right)
        {
            case (TextValue a, TextValue b):
                return PythonText.CompareCodePoints(a.Value, b.Value);
            case (SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple } a, SequenceValue b) when a.Kind == b.Kind:
                foreach ((TemplateValue x, TemplateValue y) in a.Items.Zip(b.Items))
                {
                    if (!AreEqual(context, x, y))
                    {
                        return Compare(context, x, y);
                    }
                }

                return a.Items.Length.CompareTo(b.Items.Length);
            case ({ } a, { } b) when PythonNumber.IsNumber(a) && PythonNumber.IsNumber(b):
                return PythonNumber.Compare(a, b);
            default:
                throw context.Fault($"values of the types {left.TypeName} and {right.TypeName} have no order");
        }
    }

    public static bool Contains(RenderContext context, TemplateValue container, TemplateValue item)
    {
        switch (container)
        {
            case TextValue text:
                string part = item is TextValue t ? t.Value : throw context.Fault($"'in' a text needs a text on its left, not {item.TypeName}");
                context.ChargeText(text.Text.Length);
                return text.Value.Contains(part, StringComparison.Ordinal);
            case MapValue map:
                return ScalarComparer.IsKey(item) && map.Entries.ContainsKey(item);
            default:
                return Iterate(context, container).Any(i => AreEqual(context, i, item));
        }
    }

    /// <summary>The items of whatever Python can walk.</summary>
    public static TemplateValue[] Iterate(RenderContext context, TemplateValue value)
    {
        switch (value)
        {
            case SequenceValue sequence:
                return sequence.Items;
            case GeneratorValue generator:
                return generator.TakeAll();
            case MapValue map:
                context.ChargeItems(map.Entries.Count);
                return [.. map.Entries.Keys];
            case UndefinedValue:
                return [];
            case TextValue text:
                context.ChargeItems(text.Text.Length);
                int[] offsets = PythonText.Offsets(text.Value);
                var characters = new TemplateValue[offsets.Length - 1];
                for (int i = 0; i < characters.Length; i++)
                {
                    characters[i] = new TextValue(text.Text.Slice(offsets[i], offsets[i + 1] - offsets[i]));
                }

                return characters;
            default:
                throw context.Fault($"a value of the type {value.TypeName} cannot be walked");
        }
    }

    public static int Count(RenderContext context, TemplateValue value) => value switch
    {
        SequenceValue sequence => sequence.Items.Length,
        MapValue map => map.Entries.Count,
        TextValue text => PythonText.CountCodePoints(text.Value),
        UndefinedValue => 0,
        _ => throw context.Fault($"a value of the type {value.TypeName} has no length"),
    };

    /// <summary><c>value[key]</c>: what is not there is undefined, only the undefined itself cannot be indexed.</summary>
    public static TemplateValue Index(RenderContext context, TemplateValue value, TemplateValue key)
    {
        switch (value)
        {
            case UndefinedValue undefined:
                throw context.Fault($"{undefined.Description}, so it has no item");
            case MapValue map when ScalarComparer.IsKey(key):
                return map.Entries.TryGetValue(key, out TemplateValue? found) ? found : Missing();
            case SequenceValue { Kind: not SequenceKind.View } sequence when PythonNumber.IsInteger(key):
                return Position(PythonNumber.ToInteger(key), sequence.Items.Length) is int at ? sequence.Items[at] : Missing();
            case TextValue text when PythonNumber.IsInteger(key):
                context.ChargeText(text.Text.Length);
                int[] offsets = PythonText.Offsets(text.Value);
                return Position(PythonNumber.ToInteger(key), offsets.Length - 1) is int index
                    ? new TextValue(text.Text.Slice(offsets[index], offsets[index + 1] - offsets[index]))
                    : Missing();
            case NamespaceValue space when key is TextValue name:
                return space.Attributes.TryGetValue(name.Value, out TemplateValue? attribute) ? attribute : Missing();
            default:
                return Missing();
        }

        UndefinedValue Missing() => new(key is TextValue t ? $"{value.TypeName} has no item '{Shorten(t.Value)}'" : $"{value.TypeName} has no such item");
    }

    public static TemplateValue Slice(RenderContext context, TemplateValue value, BigInteger? start, BigInteger? stop, BigInteger? step)
    {
        int[]? offsets = value is TextValue t ? PythonText.Offsets(t.Value) : null;
        int length = value switch
        {
            TextValue => offsets!.Length - 1,
            SequenceValue { Kind: not SequenceKind.View } sequence => sequence.Items.Length,
            UndefinedValue undefined => throw context.Fault($"{undefined.Description}, so it cannot be sliced"),
            _ => throw context.Fault($"a value of the type {value.TypeName} cannot be sliced"),
        };
        context.ChargeItems(length);
        BigInteger by = step ?? 1;
        if (by.IsZero)
        {
            throw context.Fault("the step of a slice cannot be zero");
        }

        bool isForward = by.Sign > 0;
        BigInteger low = isForward ? 0 : -1;
        BigInteger high = isForward ? length : length - 1;
        BigInteger from = start is { } s ? BigInteger.Clamp(s.Sign < 0 ? s + length : s, low, high) : isForward ? low : high;
        BigInteger to = stop is { } e ? BigInteger.Clamp(e.Sign < 0 ? e + length : e, low, high) : isForward ? high : low;
        List<int> picked = [];
        for (BigInteger i = from; isForward ? i < to : i > to; i += by)
        {
            picked.Add((int)i);
        }

        if (value is TextValue text)
        {
            MarkedTextBuilder builder = new();
            foreach (int i in picked)
            {
                builder.Append(text.Text.Slice(offsets![i], offsets[i + 1] - offsets[i]));
            }

            return Text(builder.ToText());
        }

        var items = (SequenceValue)value;
        return new SequenceValue(items.Kind, [.. picked.Select(i => items.Items[i])]);
    }

    /// <summary>Python's <c>str()</c>, with which every value is printed.</summary>
    public static MarkedText ToText(RenderContext context, TemplateValue value)
    {
        switch (value)
        {
            case TextValue text:
                return text.Text;
            case UndefinedValue:
                return MarkedText.Empty;
            default:
                MarkedTextBuilder builder = new();
                AppendRepr(context, builder, value);
                return builder.ToText();
        }
    }

    private static void AppendRepr(RenderContext context, MarkedTextBuilder builder, TemplateValue value)
    {
        context.Charge();
        switch (value)
        {
            case TextValue text:
                context.ChargeText((long)builder.Length + text.Text.Length > RenderLimits.TextLength ? long.MaxValue : text.Text.Length * 8L);
                PythonText.AppendRepr(builder, text.Text);
                break;
            case NoneValue:
                builder.Append("None");
                break;
            case BooleanValue boolean:
                builder.Append(boolean.Value ? "True" : "False");
                break;
            case IntegerValue integer:
                builder.Append(integer.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case FloatValue number:
                builder.Append(PythonNumber.Repr(number.Value));
                break;
            case UndefinedValue:
                builder.Append("Undefined");
                break;
            case SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple } sequence:
                bool isList = sequence.Kind == SequenceKind.List;
                builder.Append(isList ? "[" : "(");
                for (int i = 0; i < sequence.Items.Length; i++)
                {
                    builder.Append(i > 0 ? ", " : "");
                    AppendRepr(context, builder, sequence.Items[i]);
                }

                builder.Append(isList ? "]" : sequence.Items.Length == 1 ? ",)" : ")");
                break;
            case MapValue map:
                builder.Append("{");
                bool isFirst = true;
                foreach ((TemplateValue key, TemplateValue item) in map.Entries)
                {
                    builder.Append(isFirst ? "" : ", ");
                    isFirst = false;
                    AppendRepr(context, builder, key);
                    builder.Append(": ");
                    AppendRepr(context, builder, item);
                }

                builder.Append("}");
                break;
            default:
                // Python would print an address or the name of an internal class, which no template can mean.
                throw context.Fault($"a value of the type {value.TypeName} cannot be printed; turn it into a list or text first");
        }
    }

    private static int? Position(BigInteger index, int length)
    {
        BigInteger at = index.Sign < 0 ? index + length : index;
        return at.Sign >= 0 && at < length ? (int)at : null;
    }

    /// <summary>Keeps messages about hostile names short.</summary>
    public static string Shorten(string name) => name.Length <= 60 ? name : name[..60] + "…";
}
