using System.Numerics;
using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace OpenLedger.Datanets.Formats;

/// <summary>Writes the cells of Arrow arrays as JSON.</summary>
internal sealed class ArrowCells(JsonRowBuilder json, ColumnarOptions options)
{
    /// <summary>Writes one cell.</summary>
    /// <exception cref="FormatException">The array contradicts itself, or its type has no JSON.</exception>
    public void Write(IArrowArray array, int index)
    {
        if (index < 0 || index >= array.Length)
        {
            throw new FormatException("a column has fewer values than rows");
        }

        if (array is NullArray || array.IsNull(index))
        {
            json.Null();
            return;
        }

        switch (array)
        {
            case BooleanArray booleans:
                json.Boolean(booleans.GetValue(index)!.Value);
                break;
            case Int8Array or Int16Array or Int32Array or Int64Array or UInt8Array or UInt16Array or UInt32Array:
                json.Number(Integer(array, index));
                break;
            case UInt64Array numbers:
                json.Number(numbers.Values[index]);
                break;
            case HalfFloatArray numbers:
                ColumnarNumber.Write(json, (float)numbers.Values[index], options);
                break;
            case FloatArray numbers:
                ColumnarNumber.Write(json, numbers.Values[index], options);
                break;
            case DoubleArray numbers:
                ColumnarNumber.Write(json, numbers.Values[index], options);
                break;
            case StringArray texts:
                WriteText(texts.GetBytes(index));
                break;
            case LargeStringArray texts:
                WriteText(texts.GetBytes(index));
                break;
            case DictionaryArray dictionary:
                long entry = Integer(dictionary.Indices, index);
                Write(dictionary.Dictionary, entry is >= 0 and <= int.MaxValue ? (int)entry : -1);
                break;
            case StructArray structure:
                WriteStructure(structure, index);
                break;
            default:
                WriteOther(array, index);
                break;
        }
    }

    private void WriteOther(IArrowArray array, int index)
    {
        switch (array)
        {
            case MapArray map:
                WriteMap(map, index);
                break;
            case ListArray list:
                WriteList(list.Values, list.ValueOffsets[index], list.ValueOffsets[index + 1]);
                break;
            case LargeListArray list:
                WriteList(list.Values, list.ValueOffsets[index], list.ValueOffsets[index + 1]);
                break;
            case FixedSizeListArray list:
                long size = ((FixedSizeListType)list.Data.DataType).ListSize;
                WriteList(list.Values, size * (list.Offset + index), size * (list.Offset + index + 1));
                break;
            case Date32Array dates:
                json.Text(ColumnarTime.Date(dates.Values[index]));
                break;
            case Date64Array dates:
                json.Text(ColumnarTime.Date(dates.Values[index] / 86_400_000));
                break;
            case Time32Array times:
                json.Text(ColumnarTime.Time(times.Values[index], (int)((Time32Type)times.Data.DataType).Unit));
                break;
            case Time64Array times:
                json.Text(ColumnarTime.Time(times.Values[index], (int)((Time64Type)times.Data.DataType).Unit));
                break;
            case TimestampArray times:
                TimestampType type = (TimestampType)times.Data.DataType;
                json.Text(ColumnarTime.Timestamp(times.Values[index], (int)type.Unit, !string.IsNullOrEmpty(type.Timezone)));
                break;
            case DurationArray durations:
                json.Number(durations.Values[index]);
                break;
            case Decimal128Array decimals:
                WriteDecimal(decimals, index, ((Decimal128Type)decimals.Data.DataType).Scale);
                break;
            case Decimal256Array decimals:
                WriteDecimal(decimals, index, ((Decimal256Type)decimals.Data.DataType).Scale);
                break;
            case BinaryArray bytes:
                json.Text(Convert.ToBase64String(bytes.GetBytes(index)));
                break;
            case LargeBinaryArray bytes:
                json.Text(Convert.ToBase64String(bytes.GetBytes(index)));
                break;
            case FixedSizeBinaryArray bytes:
                json.Text(Convert.ToBase64String(bytes.GetBytes(index)));
                break;
            default:
                throw new FormatException($"a column has the type {array.Data.DataType.Name}, which rows cannot have");
        }
    }

    private static long Integer(IArrowArray array, int index) => array switch
    {
        Int8Array numbers => numbers.Values[index],
        Int16Array numbers => numbers.Values[index],
        Int32Array numbers => numbers.Values[index],
        Int64Array numbers => numbers.Values[index],
        UInt8Array numbers => numbers.Values[index],
        UInt16Array numbers => numbers.Values[index],
        UInt32Array numbers => numbers.Values[index],
        UInt64Array numbers => checked((long)numbers.Values[index]),
        _ => throw new FormatException("a dictionary is indexed by something else than integers"),
    };

    private void WriteText(ReadOnlySpan<byte> utf8) => json.Text(Utf8.IsValid(utf8) ? utf8 : throw new FormatException("a text is not UTF-8"));

    private void WriteDecimal(FixedSizeBinaryArray decimals, int index, int scale) =>
        json.Text(ColumnarNumber.Decimal(new BigInteger(decimals.GetBytes(index)), scale));

    private void WriteStructure(StructArray structure, int index)
    {
        IReadOnlyList<Field> fields = ((StructType)structure.Data.DataType).Fields;
        json.BeginObject();
        for (int i = 0; i < fields.Count; i++)
        {
            json.Name(JsonRowBuilder.EncodeName(fields[i].Name));
            Write(structure.Fields[i], index);
        }

        json.EndObject();
    }

    private void WriteList(IArrowArray values, long start, long end)
    {
        if (start < 0 || end < start || end > values.Length)
        {
            throw new FormatException("a list lies outside of its values");
        }

        json.BeginArray();
        for (long i = start; i < end && json.Length <= options.MaxRowBytes; i++)
        {
            Write(values, (int)i);
        }

        json.EndArray();
    }

    private void WriteMap(MapArray map, int index)
    {
        if (map.Keys is not StringArray keys)
        {
            throw new FormatException("a map has keys that are no text");
        }

        int start = map.ValueOffsets[index];
        int end = map.ValueOffsets[index + 1];
        if (start < 0 || end < start || end > keys.Length)
        {
            throw new FormatException("a map lies outside of its values");
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        json.BeginObject();
        for (int i = start; i < end && json.Length <= options.MaxRowBytes; i++)
        {
            ReadOnlySpan<byte> key = keys.GetBytes(i, out bool isNull);
            string name = !isNull && Utf8.IsValid(key) ? System.Text.Encoding.UTF8.GetString(key) : throw new FormatException("a key of a map is null or not UTF-8");
            if (!seen.Add(name))
            {
                throw new FormatException("a map has one key twice");
            }

            json.Name(JsonRowBuilder.EncodeName(name));
            Write(map.Values, i);
        }

        json.EndObject();
    }
}
