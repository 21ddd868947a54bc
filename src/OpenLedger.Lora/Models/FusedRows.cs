namespace OpenLedger.Lora.Models;

/// <summary>Which rows of a tensor that fuses query, key and value belong to each. Lists are shared by all layers.</summary>
internal sealed record FusedRows(ValueList<RowRange> Query, ValueList<RowRange> Key, ValueList<RowRange> Value, int Total)
{
    public static FusedRows None { get; } = new([], [], [], 0);

    /// <summary><c>[all queries; all keys; all values]</c></summary>
    public static FusedRows Contiguous(DecoderDescription description)
    {
        int query = description.HeadCount * description.HeadSize, key = description.KeyValueHeadCount * description.HeadSize;
        return new([new RowRange(0, query)], [new RowRange(query, key)], [new RowRange(query + key, key)], query + (2 * key));
    }

    /// <summary>
    /// One group per key and value head, <c>[its queries; its key; its value]</c>. With one group this is the multi-query layout, with as
    /// many groups as heads the per-head layout <c>[heads, 3, headSize]</c>.
    /// </summary>
    public static FusedRows Grouped(DecoderDescription description)
    {
        int size = description.HeadSize, groups = description.KeyValueHeadCount, queries = description.HeadCount / groups * size, group = queries + (2 * size);
        RowRange[] query = new RowRange[groups], key = new RowRange[groups], value = new RowRange[groups];
        for (int i = 0; i < groups; i++)
        {
            int begin = i * group;
            query[i] = new RowRange(begin, queries);
            key[i] = new RowRange(begin + queries, size);
            value[i] = new RowRange(begin + queries + size, size);
        }

        return new(ValueList.Create<RowRange>(query), ValueList.Create<RowRange>(key), ValueList.Create<RowRange>(value), groups * group);
    }

    /// <summary>The source as rows of the fused tensor if it is a query, key or value; else unchanged.</summary>
    public TensorSource Apply(TensorSource source)
    {
        ValueList<RowRange>? rows = source.Tensor switch
        {
            DecoderTensor.Query or DecoderTensor.QueryBias => Query,
            DecoderTensor.Key or DecoderTensor.KeyBias => Key,
            DecoderTensor.Value or DecoderTensor.ValueBias => Value,
            _ => null,
        };
        return rows is null ? source : source with { Rows = rows, Shape = WithRows(source.Shape, Total) };
    }

    /// <summary>Gate and up as halves of one tensor; else unchanged.</summary>
    public static TensorSource ApplyGateUp(TensorSource source)
    {
        int rows = source.Shape[0];
        return source.Tensor switch
        {
            DecoderTensor.Gate or DecoderTensor.GateBias => source with { Rows = [new RowRange(0, rows)], Shape = WithRows(source.Shape, 2 * rows) },
            DecoderTensor.Up or DecoderTensor.UpBias => source with { Rows = [new RowRange(rows, rows)], Shape = WithRows(source.Shape, 2 * rows) },
            _ => source,
        };
    }

    private static ValueList<int> WithRows(ValueList<int> shape, int rows) => shape.Count == 1 ? [rows] : [rows, shape[1]];
}
