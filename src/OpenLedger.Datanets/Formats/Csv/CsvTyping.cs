namespace OpenLedger.Datanets.Formats;

/// <summary>Which JSON values the cells of a delimited file become when no <see cref="CsvOptions.Layout"/> says it.</summary>
public enum CsvTyping
{
    /// <summary>Every cell is text, as it stands in the file.</summary>
    Text = 0,

    /// <summary>
    /// A cell that is not quoted becomes a number when it is spelled as JSON spells numbers (<c>007</c>, <c>+1</c>, <c>1,5</c> and integers
    /// beyond ±(2^53 - 1) stay text), a boolean when it is <c>true</c> or <c>false</c>, and null when it is empty. Cell by cell: a column may mix.
    /// </summary>
    Infer = 1,
}
