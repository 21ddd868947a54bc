namespace OpenLedger.Datanets.Formats;

/// <summary>The dialect and the limits of a <see cref="CsvReader"/>.</summary>
public sealed record CsvOptions
{
    /// <summary>Tab-separated without quoting, as tab-separated corpora are; start from it with <c>with</c>.</summary>
    public static CsvOptions TabSeparated { get; } = new() { Delimiter = '\t', Quoting = CsvQuoting.None };

    /// <summary>What separates cells.</summary>
    /// <value>A comma; any ASCII character but a quote, a line break or NUL.</value>
    public char Delimiter { get; init; } = ',';

    /// <summary>What a double quote means.</summary>
    /// <value><see cref="CsvQuoting.Rfc4180"/>.</value>
    public CsvQuoting Quoting { get; init; }

    /// <summary>Whether the first row names the columns.</summary>
    /// <value><see langword="true"/>; otherwise <see cref="Columns"/> or <c>column1</c>, <c>column2</c>, … name them.</value>
    public bool HasHeader { get; init; } = true;

    /// <summary>The names of the columns, instead of the header's when there is one.</summary>
    /// <value><see langword="null"/>.</value>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Which JSON values the cells become.</summary>
    /// <value><see cref="CsvTyping.Text"/>; not used with <see cref="Layout"/>.</value>
    public CsvTyping Typing { get; init; }

    /// <summary>The types of the columns, as <see cref="CsvWriter"/> was given them; every column of the file must be one of the layout's.</summary>
    /// <value><see langword="null"/>: <see cref="Typing"/> decides.</value>
    public RowLayout? Layout { get; init; }

    /// <summary>Rows with too few or too many cells.</summary>
    /// <value><see cref="CsvRaggedRows.Refuse"/>.</value>
    public CsvRaggedRows RaggedRows { get; init; }

    /// <summary>
    /// Whether the apostrophe is taken off that <see cref="CsvWriter"/> puts before cells which a spreadsheet would run as a formula.
    /// </summary>
    /// <value><see langword="true"/>; it changes only cells of apostrophes followed by <c>= + - @</c>, a tab or a carriage return.</value>
    public bool RemoveFormulaGuards { get; init; } = true;

    /// <summary>Longest row in bytes, with its line breaks inside quotes.</summary>
    /// <value>1 MiB; 1 byte to 256 MiB.</value>
    public int MaxRowBytes { get; init; } = 1 << 20;

    /// <summary>Longest cell in bytes, with its quotes.</summary>
    /// <value>1 MiB; 1 byte to 256 MiB.</value>
    public int MaxCellBytes { get; init; } = 1 << 20;

    /// <summary>Most columns.</summary>
    /// <value>1024; 1 to 65,536.</value>
    public int MaxColumns { get; init; } = 1024;

    /// <summary>Longest file in bytes.</summary>
    /// <value>4 GiB; at least 1 byte.</value>
    public long MaxFileBytes { get; init; } = 4L << 30;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range, or two contradict each other.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (!CsvDialect.IsDelimiter(Delimiter))
        {
            faults.Add($"{nameof(Delimiter)} is U+{(int)Delimiter:X4}; it must be an ASCII character other than a quote, a line break or NUL.");
        }

        if (!Enum.IsDefined(Quoting) || !Enum.IsDefined(Typing) || !Enum.IsDefined(RaggedRows))
        {
            faults.Add($"{nameof(Quoting)}, {nameof(Typing)} and {nameof(RaggedRows)} must be named values.");
        }

        if (Columns is { } columns && (columns.Count == 0 || columns.Any(string.IsNullOrEmpty) || columns.Distinct(StringComparer.Ordinal).Count() != columns.Count))
        {
            faults.Add($"{nameof(Columns)} must be distinct names, at least one.");
        }

        RowFault.CheckLimit(faults, nameof(MaxRowBytes), MaxRowBytes, 1, 256 << 20);
        RowFault.CheckLimit(faults, nameof(MaxCellBytes), MaxCellBytes, 1, 256 << 20);
        RowFault.CheckLimit(faults, nameof(MaxColumns), MaxColumns, 1, 65_536);
        RowFault.CheckLimit(faults, nameof(MaxFileBytes), MaxFileBytes, 1);
        RowFault.ThrowIfAny(faults);
    }
}
