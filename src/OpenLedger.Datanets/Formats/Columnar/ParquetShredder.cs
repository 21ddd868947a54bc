using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace OpenLedger.Datanets.Formats;

/// <summary>Takes rows apart into the leaf columns of a row group, with the levels of Dremel.</summary>
internal sealed class ParquetShredder
{
    private readonly RowLayout _layout;
    private readonly List<Leaf> _leaves = [];

    public ParquetShredder(RowLayout layout)
    {
        _layout = layout;
        Schema = new ParquetSchema(layout.Columns.Select(column => ToField(column, column.Name)).ToArray());
        foreach (DataField field in Schema.GetDataFields())
        {
            _leaves.Add(field.ClrType == typeof(long) ? new Leaf<long>(field, static (value, _) => value.GetInt64())
                : field.ClrType == typeof(double) ? new Leaf<double>(field, static (value, _) => value.GetDouble())
                : field.ClrType == typeof(bool) ? new Leaf<bool>(field, static (value, _) => value.ValueKind == JsonValueKind.True)
                : new Leaf<ReadOnlyMemory<char>>(field, static (value, column) => (column.Kind == RowValueKind.Text ? Text(value) : value.GetRawText()).AsMemory()));
        }
    }

    public ParquetSchema Schema { get; }

    public int RowCount { get; private set; }

    public void Add(JsonElement row)
    {
        RowFault.ThrowIfNotAnObject(row);
        int leaf = 0;
        AddMembers(_layout.Columns, row, 0, 0, ref leaf);
        RowCount++;
    }

    public async ValueTask WriteAsync(ParquetWriter writer, CancellationToken cancellationToken)
    {
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        foreach (Leaf leaf in _leaves)
        {
            await leaf.WriteAsync(group, cancellationToken).ConfigureAwait(false);
            leaf.Clear();
        }

        group.CompleteValidate();
        RowCount = 0;
    }

    private static Field ToField(RowColumn column, string name) => column.Kind switch
    {
        RowValueKind.WholeNumber => new DataField(name, typeof(long), isNullable: true),
        RowValueKind.Number => new DataField(name, typeof(double), isNullable: true),
        RowValueKind.Boolean => new DataField(name, typeof(bool), isNullable: true),
        RowValueKind.List => new ListField(name, ToField(column.Items!, ListField.ElementName)),
        RowValueKind.Structure => new StructField(name, column.Fields.Select(field => ToField(field, field.Name)).ToArray()),
        _ => new DataField(name, typeof(string), isNullable: true),
    };

    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new DatanetException(DatanetError.InvalidJson, "A text holds half a surrogate pair.", exception);
        }
    }

    private static void AddMembers(IReadOnlyList<RowColumn> columns, JsonElement value, int definition, int repetition, ShredderState state)
    {
        int found = 0;
        foreach (RowColumn column in columns)
        {
            bool isPresent = value.TryGetProperty(column.Name, out JsonElement member);
            found += isPresent ? 1 : 0;
            state.Add(column, isPresent ? member : null, definition, repetition);
        }

        if (found != value.GetPropertyCount())
        {
            string extra = value.EnumerateObject().First(member => columns.All(column => column.Name != member.Name)).Name;
            throw new DatanetException(DatanetError.InvalidMapping, $"The row has the member '{extra}', for which the layout has no column.");
        }
    }

    private void AddMembers(IReadOnlyList<RowColumn> columns, JsonElement value, int definition, int repetition, ref int leaf)
    {
        ShredderState state = new(_leaves) { Leaf = leaf };
        AddMembers(columns, value, definition, repetition, state);
        leaf = state.Leaf;
    }

    /// <summary>Walks the leaves in the order of the schema while a row is taken apart.</summary>
    private sealed class ShredderState(List<Leaf> leaves)
    {
        public int Leaf { get; set; }

        public void Add(RowColumn column, JsonElement? value, int definition, int repetition)
        {
            bool isNull = value is null || (value.Value.ValueKind == JsonValueKind.Null && column.Kind != RowValueKind.Json);
            if (isNull)
            {
                AddNulls(column, definition, repetition);
                return;
            }

            column.ThrowIfNotFit(value!.Value);
            switch (column.Kind)
            {
                case RowValueKind.Structure:
                    AddMembers(column.Fields, value.Value, definition + 1, repetition, this);
                    break;
                case RowValueKind.List:
                    AddList(column, value.Value, definition, repetition);
                    break;
                default:
                    leaves[Leaf++].Add(value.Value, column, definition + 1, repetition);
                    break;
            }
        }

        private void AddList(RowColumn column, JsonElement list, int definition, int repetition)
        {
            int first = Leaf;
            if (list.GetArrayLength() == 0)
            {
                AddNulls(column.Items!, definition + 1, repetition);
                return;
            }

            int listLevel = ListLevel(first, column, definition);
            int next = repetition;
            foreach (JsonElement element in list.EnumerateArray())
            {
                Leaf = first;
                Add(column.Items!, element, definition + 2, next);
                next = listLevel;
            }
        }

        /// <summary>The repetition level of the list itself: one for every list that its leaf is in, minus those below it.</summary>
        private int ListLevel(int leaf, RowColumn column, int definition)
        {
            int below = 0;
            for (RowColumn? inner = column.Items; inner is not null;)
            {
                below += inner.Kind == RowValueKind.List ? 1 : 0;
                inner = inner.Kind == RowValueKind.List ? inner.Items : inner.Kind == RowValueKind.Structure ? inner.Fields[0] : null;
            }

            return leaves[leaf].MaxRepetition - below;
        }

        private void AddNulls(RowColumn column, int definition, int repetition)
        {
            switch (column.Kind)
            {
                case RowValueKind.List:
                    AddNulls(column.Items!, definition, repetition);
                    break;
                case RowValueKind.Structure:
                    foreach (RowColumn field in column.Fields)
                    {
                        AddNulls(field, definition, repetition);
                    }

                    break;
                default:
                    leaves[Leaf++].AddNull(definition, repetition);
                    break;
            }
        }
    }

    private abstract class Leaf(DataField field)
    {
        protected List<int> Definitions { get; } = [];

        protected List<int> Repetitions { get; } = [];

        public DataField Field { get; } = field;

        public int MaxRepetition => Field.MaxRepetitionLevel;

        public void AddNull(int definition, int repetition)
        {
            Definitions.Add(definition);
            Repetitions.Add(repetition);
        }

        public abstract void Add(JsonElement value, RowColumn column, int definition, int repetition);

        public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken);

        public virtual void Clear()
        {
            Definitions.Clear();
            Repetitions.Clear();
        }
    }

    private sealed class Leaf<T>(DataField field, Func<JsonElement, RowColumn, T> read) : Leaf(field)
        where T : struct
    {
        private readonly List<T> _values = [];

        public override void Add(JsonElement value, RowColumn column, int definition, int repetition)
        {
            AddNull(definition, repetition);
            _values.Add(read(value, column));
        }

        public override Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
        {
            ReadOnlyMemory<int>? repetitions = null; // not a conditional expression: that would make the null an empty memory
            if (Field.MaxRepetitionLevel > 0)
            {
                repetitions = Repetitions.ToArray();
            }

            return group.WriteAllPartsAsync<T>(Field, _values.ToArray(), Definitions.ToArray(), repetitions, cancellationToken);
        }

        public override void Clear()
        {
            base.Clear();
            _values.Clear();
        }
    }
}
