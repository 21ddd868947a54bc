namespace OpenLedger.Datanets.Formats;

/// <summary>A schema element with what reading rows needs: its levels, its leaves, and how its JSON looks.</summary>
internal sealed class ParquetShape
{
    private ParquetShape(ParquetNode node, ParquetShape? parent, RowColumn? column, List<ParquetShape> leaves)
    {
        Node = node;
        Column = column;
        DefinitionLevel = (parent?.DefinitionLevel ?? 0) + (node.Repetition == 0 ? 0 : 1);
        RepetitionLevel = (parent?.RepetitionLevel ?? 0) + (node.Repetition == 2 ? 1 : 0);
        Name = JsonRowBuilder.EncodeName(node.Name);
        FirstLeaf = leaves.Count;
        if (node.Type is not null)
        {
            leaves.Add(this);
        }

        Children = [.. node.Children.Select(child => new ParquetShape(child, this, ColumnOf(child), leaves))];
        LeafEnd = leaves.Count;
    }

    public ParquetNode Node { get; }

    /// <summary>What our own writer noted about the column, if it wrote the file.</summary>
    public RowColumn? Column { get; }

    public int DefinitionLevel { get; }

    public int RepetitionLevel { get; }

    public byte[] Name { get; }

    public int FirstLeaf { get; }

    public int LeafEnd { get; }

    public ParquetShape[] Children { get; }

    public bool IsOptional => Node.Repetition == 1;

    public bool IsRepeated => Node.Repetition == 2;

    public static ParquetShape[] Build(ParquetFooter footer, RowLayout? layout, out List<ParquetShape> leaves)
    {
        List<ParquetShape> found = [];
        ParquetShape[] columns =
        [
            .. footer.Nodes[0].Children.Select(
                node => new ParquetShape(node, null, layout?.Columns.FirstOrDefault(column => column.Name == node.Name), found)),
        ];
        leaves = found;
        return columns;
    }

    private RowColumn? ColumnOf(ParquetNode child)
    {
        if (Column is null)
        {
            return null;
        }

        // Inside a list stand the repeated group, whose column is the list's own, and the element below it.
        return Column.Kind switch
        {
            RowValueKind.List when Node.Repetition != 2 => Column,
            RowValueKind.List => Column.Items,
            RowValueKind.Structure => Column.Fields.FirstOrDefault(field => field.Name == child.Name),
            _ => null,
        };
    }
}
