namespace OpenLedger.Datanets.Formats;

/// <summary>The dialect of a <see cref="CsvWriter"/>.</summary>
public sealed record CsvWriterOptions
{
    /// <summary>Tab-separated without quoting; a cell with a tab or a line break is then an error.</summary>
    public static CsvWriterOptions TabSeparated { get; } = new() { Delimiter = '\t', Quoting = CsvQuoting.None, NewLine = "\n" };

    /// <summary>What separates cells.</summary>
    /// <value>A comma; any ASCII character but a quote, a line break or NUL.</value>
    public char Delimiter { get; init; } = ',';

    /// <summary>Whether cells may be quoted.</summary>
    /// <value><see cref="CsvQuoting.Rfc4180"/>.</value>
    public CsvQuoting Quoting { get; init; }

    /// <summary>Whether the first row names the columns.</summary>
    /// <value><see langword="true"/>.</value>
    public bool WriteHeader { get; init; } = true;

    /// <summary>What ends a row.</summary>
    /// <value>CR LF as RFC 4180 has it; LF is the other choice.</value>
    public string NewLine { get; init; } = "\r\n";

    /// <summary>
    /// Whether an apostrophe is put before text that a spreadsheet would run as a formula: text that begins with <c>= + - @</c>, a tab or a carriage
    /// return. Plain numbers such as -5 are left alone. <see cref="CsvOptions.RemoveFormulaGuards"/> takes it off again.
    /// </summary>
    /// <value><see langword="true"/>; turn it off only for files that no spreadsheet opens.</value>
    public bool GuardFormulas { get; init; } = true;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (!CsvDialect.IsDelimiter(Delimiter))
        {
            faults.Add($"{nameof(Delimiter)} is U+{(int)Delimiter:X4}; it must be an ASCII character other than a quote, a line break or NUL.");
        }

        if (!Enum.IsDefined(Quoting))
        {
            faults.Add($"{nameof(Quoting)} must be a named value.");
        }

        if (NewLine is not ("\n" or "\r\n"))
        {
            faults.Add($"{nameof(NewLine)} must be LF or CR LF.");
        }

        RowFault.ThrowIfAny(faults);
    }
}
