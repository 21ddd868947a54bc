using System.Text;
using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>Makes JSON objects of the cells that <see cref="CsvScanner"/> found.</summary>
internal sealed class CsvRowMaker
{
    private const long MaxExactInteger = (1L << 53) - 1;

    private readonly string _sourceName;
    private readonly CsvOptions _options;
    private readonly byte[][] _names;
    private readonly RowColumn?[] _columns;
    private readonly JsonRowBuilder _json = new();

    private CsvRowMaker(IReadOnlyList<string> names, string sourceName, CsvOptions options, CsvScanner scanner)
    {
        _sourceName = sourceName;
        _options = options;
        _names = [.. names.Select(JsonRowBuilder.EncodeName)];
        _columns = [.. names.Select((name, i) => FindColumn(name, i, scanner))];
    }

    public static CsvRowMaker FromHeader(CsvScanner scanner, string sourceName, CsvOptions options)
    {
        string[] names = new string[scanner.CellCount];
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            ReadOnlySpan<byte> cell = scanner.GetCell(i);
            names[i] = Encoding.UTF8.GetString(options.RemoveFormulaGuards ? CsvDialect.RemoveGuard(cell) : cell);
            names[i] = names[i].Length > 0 ? names[i] : DefaultName(i);
            if (!seen.Add(names[i]))
            {
                throw scanner.Fault(DatanetError.InvalidCsv, i, $"the header names the column '{Shorten(names[i])}' twice; give Columns");
            }
        }

        if (options.Columns is not null && options.Columns.Count != names.Length)
        {
            throw scanner.Fault(DatanetError.InvalidCsv, 0, $"the header has {names.Length} columns and {options.Columns.Count} names are given");
        }

        return new CsvRowMaker(options.Columns ?? names, sourceName, options, scanner);
    }

    public static CsvRowMaker WithoutHeader(CsvScanner scanner, string sourceName, CsvOptions options) =>
        new(options.Columns ?? [.. Enumerable.Range(0, scanner.CellCount).Select(DefaultName)], sourceName, options, scanner);

    public SourceRow Make(CsvScanner scanner)
    {
        int cells = scanner.CellCount;
        if (cells != _names.Length)
        {
            CheckCount(scanner, cells);
            cells = Math.Min(cells, _names.Length);
        }

        _json.Clear();
        _json.BeginObject();
        for (int i = 0; i < cells; i++)
        {
            ReadOnlySpan<byte> cell = scanner.GetCell(i);
            bool isQuoted = scanner.IsQuoted(i);
            if (_columns[i] is { } column)
            {
                WriteTyped(scanner, i, column, cell, isQuoted);
                continue;
            }

            _json.Name(_names[i]);
            if (_options.Typing == CsvTyping.Infer && !isQuoted && TryWriteInferred(cell))
            {
                continue;
            }

            WriteText(cell);
        }

        _json.EndObject();
        return new SourceRow(_sourceName, RowUnit.Line, scanner.Line, _json.ToArray());
    }

    private static string DefaultName(int index) => FormattableString.Invariant($"column{index + 1}");

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private RowColumn? FindColumn(string name, int index, CsvScanner scanner)
    {
        if (_options.Layout is null)
        {
            return null;
        }

        return _options.Layout.Columns.FirstOrDefault(column => column.Name == name)
            ?? throw scanner.Fault(DatanetError.InvalidCsv, index, $"the layout has no column '{Shorten(name)}'");
    }

    private void CheckCount(CsvScanner scanner, int cells)
    {
        bool isAllowed = _options.RaggedRows switch
        {
            CsvRaggedRows.FillShort => cells < _names.Length,
            CsvRaggedRows.FillShortCutLong => true,
            _ => false,
        };
        if (!isAllowed)
        {
            throw scanner.Fault(DatanetError.InvalidCsv, Math.Min(cells, _names.Length) - 1, $"the row has {cells} cells and the header {_names.Length}; see RaggedRows");
        }
    }

    private void WriteText(ReadOnlySpan<byte> cell) => _json.Text(_options.RemoveFormulaGuards ? CsvDialect.RemoveGuard(cell) : cell);

    private bool TryWriteInferred(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
        {
            _json.Null();
            return true;
        }

        if (cell.SequenceEqual("true"u8) || cell.SequenceEqual("false"u8))
        {
            _json.Boolean(cell[0] == (byte)'t');
            return true;
        }

        if (!JsonNumberText.IsNumber(cell, out bool isInteger))
        {
            return false;
        }

        bool isExact = isInteger
            ? System.Buffers.Text.Utf8Parser.TryParse(cell, out long value, out int used) && used == cell.Length && value is >= -MaxExactInteger and <= MaxExactInteger
            : System.Buffers.Text.Utf8Parser.TryParse(cell, out double number, out used) && used == cell.Length && double.IsFinite(number);
        if (isExact)
        {
            _json.Literal(cell);
        }

        return isExact;
    }

    private void WriteTyped(CsvScanner scanner, int index, RowColumn column, ReadOnlySpan<byte> cell, bool isQuoted)
    {
        bool isText = column.Kind == RowValueKind.Text && _options.Quoting == CsvQuoting.None; // no quotes tell "" from nothing
        if (cell.IsEmpty && !isQuoted && !isText)
        {
            if (!column.AbsentIsMissing)
            {
                _json.Name(_names[index]);
                _json.Null();
            }

            return;
        }

        _json.Name(_names[index]);
        switch (column.Kind)
        {
            case RowValueKind.Text:
                WriteText(cell);
                break;
            case RowValueKind.Boolean when cell.SequenceEqual("true"u8) || cell.SequenceEqual("false"u8):
                _json.Boolean(cell[0] == (byte)'t');
                break;
            case RowValueKind.WholeNumber when JsonNumberText.IsNumber(cell, out bool isInteger) && isInteger:
            case RowValueKind.Number when JsonNumberText.IsNumber(cell, out _):
                _json.Literal(cell);
                break;
            case RowValueKind.List or RowValueKind.Structure or RowValueKind.Json:
                WriteJson(scanner, index, _options.RemoveFormulaGuards ? CsvDialect.RemoveGuard(cell) : cell);
                break;
            default:
                throw scanner.Fault(DatanetError.InvalidCsv, index, $"the cell is no {column.Kind} as the layout says of '{Shorten(column.Name)}'");
        }
    }

    private void WriteJson(CsvScanner scanner, int index, ReadOnlySpan<byte> cell)
    {
        try
        {
            JsonElement.Parse(cell, new JsonDocumentOptions { MaxDepth = Canonical.CanonicalJson.MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException exception)
        {
            throw new DatanetException(DatanetError.InvalidCsv, scanner.Fault(DatanetError.InvalidCsv, index, "the cell is not JSON as the layout says").Message, exception)
            {
                LineNumber = scanner.Line,
            };
        }
        catch (InvalidOperationException) // the search for repeated names reads every name
        {
            throw scanner.Fault(DatanetError.InvalidCsv, index, "a name in the cell holds half a surrogate pair");
        }

        _json.Literal(cell);
    }
}
