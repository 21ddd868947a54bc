using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>The faults that several formats share.</summary>
internal static class RowFault
{
    public static void ThrowIfNotAnObject(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            throw new DatanetException(DatanetError.InvalidMapping, $"A row is a JSON object, not {row.ValueKind}.");
        }
    }

    public static void ThrowIfNotReadable(Stream stream, string sourceName)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(sourceName);
        if (!stream.CanRead)
        {
            throw new ArgumentException("The stream is not readable.", nameof(stream));
        }
    }

    public static DatanetException FileTooLong(string sourceName, long maxFileBytes) =>
        new(DatanetError.LimitExceeded, FormattableString.Invariant($"{sourceName}: the file is longer than {maxFileBytes} bytes."));

    public static DatanetException RowTooLong(string sourceName, RowUnit unit, long number, int maxRowBytes) =>
        new(
            DatanetError.LimitExceeded,
            FormattableString.Invariant($"{SourceRow.FormatPosition(sourceName, unit, number)}: the row is longer than {maxRowBytes} bytes of JSON."));

    /// <summary>Checks the limits that every format has, and adds what is wrong.</summary>
    public static void CheckLimit(List<string> faults, string name, long value, long least, long most = long.MaxValue)
    {
        if (value < least || value > most)
        {
            faults.Add(most == long.MaxValue
                ? FormattableString.Invariant($"{name} is {value}; it must be at least {least}.")
                : FormattableString.Invariant($"{name} is {value}; it must be from {least} to {most}."));
        }
    }

    public static void ThrowIfAny(List<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
