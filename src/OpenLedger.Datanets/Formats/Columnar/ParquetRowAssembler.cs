using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace OpenLedger.Datanets.Formats;

/// <summary>Puts the columns of a row group together to rows, after the levels of Dremel as Parquet has them.</summary>
internal sealed class ParquetRowAssembler(ParquetShape[] shapes, ParquetColumn[] columns, ColumnarOptions options)
{
    private readonly JsonRowBuilder _json = new();

    /// <summary>Makes the next row.</summary>
    /// <exception cref="FormatException">The columns contradict each other, or a value is not what its type says.</exception>
    public byte[] Next()
    {
        _json.Clear();
        WriteMembers(shapes);
        foreach (ParquetColumn column in columns)
        {
            if (column.HasMore && column.Repetition != 0)
            {
                throw new FormatException("a column has more values than its list");
            }
        }

        return _json.ToArray();
    }

    public bool IsAtEnd => columns.All(column => !column.HasMore);

    public bool IsTooLong => _json.Length > options.MaxRowBytes;

    private void WriteMembers(ParquetShape[] members)
    {
        _json.BeginObject();
        foreach (ParquetShape member in members)
        {
            if (IsNull(member) && member.Column is { AbsentIsMissing: true })
            {
                Skip(member);
                continue;
            }

            _json.Name(member.Name);
            if (member.IsRepeated)
            {
                WriteRepeated(member, isWrapper: false);
            }
            else
            {
                Write(member);
            }
        }

        _json.EndObject();
    }

    private bool IsNull(ParquetShape shape) => shape.IsOptional && columns[shape.FirstLeaf].Definition < shape.DefinitionLevel;

    private void Write(ParquetShape shape)
    {
        if (IsNull(shape))
        {
            Skip(shape);
            _json.Null();
            return;
        }

        if (shape.Children.Length == 0)
        {
            WriteLeaf(shape);
            return;
        }

        bool hasOneRepeatedChild = shape.Children is [{ IsRepeated: true }];
        if (hasOneRepeatedChild && shape.Node.Meaning == ParquetMeaning.List)
        {
            ParquetShape repeated = shape.Children[0];

            // A repeated group with several members, or called "array" or after the list, is the element itself: files of old writers.
            bool isElement = repeated.Children.Length != 1 || repeated.Node.Name == "array" || repeated.Node.Name == shape.Node.Name + "_tuple";
            WriteRepeated(repeated, isWrapper: !isElement);
        }
        else if (hasOneRepeatedChild && shape.Node.Meaning == ParquetMeaning.Map && shape.Children[0].Children.Length == 2)
        {
            WriteMap(shape.Children[0]);
        }
        else
        {
            WriteMembers(shape.Children);
        }
    }

    private void WriteRepeated(ParquetShape repeated, bool isWrapper)
    {
        _json.BeginArray();
        ForEach(repeated, () =>
        {
            if (isWrapper)
            {
                Write(repeated.Children[0]);
            }
            else if (repeated.Children.Length == 0)
            {
                WriteLeaf(repeated);
            }
            else
            {
                WriteMembers(repeated.Children);
            }
        });
        _json.EndArray();
    }

    private void WriteMap(ParquetShape pairs)
    {
        ParquetShape key = pairs.Children[0];
        if (key.Node.Type != ParquetType.ByteArray || key.Children.Length > 0)
        {
            throw new FormatException($"the map '{pairs.Node.Name}' has keys that are no text");
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        _json.BeginObject();
        ForEach(pairs, () =>
        {
            if (IsNull(key))
            {
                throw new FormatException("a key of a map is null");
            }

            ReadOnlySpan<byte> text = Text(columns[key.FirstLeaf]);
            string name = System.Text.Encoding.UTF8.GetString(text);
            if (!seen.Add(name))
            {
                throw new FormatException("a map has one key twice");
            }

            _json.Name(JsonRowBuilder.EncodeName(name));
            Write(pairs.Children[1]);
        });
        _json.EndObject();
    }

    private void ForEach(ParquetShape repeated, Action write)
    {
        ParquetColumn first = columns[repeated.FirstLeaf];
        if (first.Definition < repeated.DefinitionLevel)
        {
            Skip(repeated);
            return;
        }

        do
        {
            write();
            if (_json.Length > options.MaxRowBytes)
            {
                return; // the caller refuses the row
            }
        }
        while (first.HasMore && first.Repetition == repeated.RepetitionLevel);
    }

    private void Skip(ParquetShape shape)
    {
        for (int i = shape.FirstLeaf; i < shape.LeafEnd; i++)
        {
            columns[i].Skip();
        }
    }

    private void WriteLeaf(ParquetShape leaf)
    {
        ParquetColumn column = columns[leaf.FirstLeaf];
        ParquetNode node = leaf.Node;
        switch (column.Values)
        {
            case bool[] values:
                _json.Boolean(values[column.Take()]);
                break;
            case int[] values:
                WriteInteger(node, values[column.Take()], isWide: false);
                break;
            case long[] values:
                WriteInteger(node, values[column.Take()], isWide: true);
                break;
            case float[] values:
                WriteFloat(values[column.Take()]);
                break;
            case double[] values:
                WriteFloat(values[column.Take()]);
                break;
            default:
                WriteBytes(leaf, column);
                break;
        }
    }

    private void WriteInteger(ParquetNode node, long value, bool isWide)
    {
        switch (node.Meaning)
        {
            case ParquetMeaning.Decimal:
                _json.Text(Decimal(value, node.Scale));
                break;
            case ParquetMeaning.Date when !isWide:
                _json.Text(ColumnarTime.Date(value));
                break;
            case ParquetMeaning.Time:
                _json.Text(ColumnarTime.Time(value, node.Unit));
                break;
            case ParquetMeaning.Timestamp when isWide:
                _json.Text(ColumnarTime.Timestamp(value, node.Unit, node.IsUtc));
                break;
            case ParquetMeaning.Plain when node.IsUnsigned:
                _json.Number(isWide ? unchecked((ulong)value) : unchecked((uint)value));
                break;
            default:
                _json.Number(value);
                break;
        }
    }

    private void WriteFloat(double value) => ColumnarNumber.Write(_json, value, options);

    private void WriteFloat(float value) => ColumnarNumber.Write(_json, value, options);

    private void WriteBytes(ParquetShape leaf, ParquetColumn column)
    {
        ParquetNode node = leaf.Node;
        if (leaf.Column?.Kind == RowValueKind.Json)
        {
            WriteJson(Text(column));
            return;
        }

        if (node.Meaning == ParquetMeaning.Text)
        {
            _json.Text(Text(column));
            return;
        }

        ReadOnlySpan<byte> bytes = Bytes(column);
        switch (node.Meaning)
        {
            case ParquetMeaning.Uuid when bytes.Length == 16:
                _json.Text(new Guid(bytes, bigEndian: true).ToString());
                break;
            case ParquetMeaning.Half when bytes.Length == 2:
                WriteFloat((float)BinaryPrimitives.ReadHalfLittleEndian(bytes));
                break;
            case ParquetMeaning.Decimal when bytes.Length <= 32:
                _json.Text(Decimal(new System.Numerics.BigInteger(bytes, isUnsigned: false, isBigEndian: true), node.Scale));
                break;
            default:
                _json.Text(Convert.ToBase64String(bytes));
                break;
        }
    }

    private void WriteJson(ReadOnlySpan<byte> text)
    {
        try
        {
            JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = Canonical.CanonicalJson.MaxDepth, AllowDuplicateProperties = false });
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("a cell that holds JSON is not JSON", exception);
        }

        _json.Literal(text);
    }

    private static ReadOnlySpan<byte> Bytes(ParquetColumn column) => ((ReadOnlyMemory<byte>[])column.Values)[column.Take()].Span;

    private static ReadOnlySpan<byte> Text(ParquetColumn column)
    {
        ReadOnlySpan<byte> bytes = Bytes(column);
        return Utf8.IsValid(bytes) ? bytes : throw new FormatException("a text is not UTF-8");
    }

    private static string Decimal(System.Numerics.BigInteger unscaled, int scale) => ColumnarNumber.Decimal(unscaled, scale);
}
