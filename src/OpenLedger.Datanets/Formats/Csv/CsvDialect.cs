namespace OpenLedger.Datanets.Formats;

/// <summary>The rules that the reader and the writer of delimited files share.</summary>
internal static class CsvDialect
{
    public static bool IsDelimiter(char value) => value is > '\0' and < '\u0080' and not ('"' or '\r' or '\n');

    /// <summary>
    /// Whether a spreadsheet may run the cell: it begins with = + - @, a tab or a carriage return, and is no plain number. A cell of apostrophes
    /// before such a text counts too, so that the guard can be taken off again without a doubt.
    /// </summary>
    public static bool NeedsGuard(ReadOnlySpan<byte> cell)
    {
        ReadOnlySpan<byte> rest = cell.TrimStart((byte)'\'');
        bool isRisky = rest.Length > 0 && (rest[0] is (byte)'=' or (byte)'+' or (byte)'-' or (byte)'@' or (byte)'\t' or (byte)'\r');
        return isRisky && (rest.Length < cell.Length || !JsonNumberText.IsNumber(rest, out _));
    }

    /// <summary>The cell without the apostrophe that <see cref="NeedsGuard"/> asked for.</summary>
    public static ReadOnlySpan<byte> RemoveGuard(ReadOnlySpan<byte> cell)
    {
        if (cell.Length < 2 || cell[0] != (byte)'\'')
        {
            return cell;
        }

        ReadOnlySpan<byte> rest = cell[1..];
        return NeedsGuard(rest) ? rest : cell;
    }
}
