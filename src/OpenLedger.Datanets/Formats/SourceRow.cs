using System.Text.Json;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Formats;

/// <summary>One row of a file in any format: a JSON object and where it stood.</summary>
/// <remarks>
/// Make a record of it with <c>DatanetRecord.Parse(row.Utf8.Span, row.Position)</c>, which reads the text once, or of <see cref="Value"/>.
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class SourceRow
{
    private object? _value; // a boxed JsonElement: a reference is published at once, the structure would be torn

    /// <summary>Creates a row.</summary>
    /// <param name="sourceName">The file's name for messages, without folders.</param>
    /// <param name="unit">What <paramref name="number"/> counts.</param>
    /// <param name="number">1-based.</param>
    /// <param name="utf8">The row as JSON; not copied, so the caller must not change it.</param>
    /// <exception cref="ArgumentException">The name is empty, the unit unknown or the number below 1.</exception>
    public SourceRow(string sourceName, RowUnit unit, long number, ReadOnlyMemory<byte> utf8)
    {
        ArgumentException.ThrowIfNullOrEmpty(sourceName);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        if (!Enum.IsDefined(unit))
        {
            throw new ArgumentOutOfRangeException(nameof(unit), unit, "Use a named unit.");
        }

        SourceName = sourceName;
        Unit = unit;
        Number = number;
        Utf8 = utf8;
    }

    internal SourceRow(string sourceName, RowUnit unit, long number, ReadOnlyMemory<byte> utf8, JsonElement value)
        : this(sourceName, unit, number, utf8) => _value = value;

    /// <summary>The file's name as the caller gave it.</summary>
    public string SourceName { get; }

    /// <summary>What <see cref="Number"/> counts.</summary>
    public RowUnit Unit { get; }

    /// <summary>1-based line, row, part or page.</summary>
    public long Number { get; }

    /// <summary>The row as JSON text, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>File and place for messages, for example <c>facts.csv:12</c> or <c>facts.parquet: row 3</c>.</summary>
    public string Position => FormatPosition(SourceName, Unit, Number);

    /// <summary>The row parsed; it stays valid.</summary>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>: a foreign reader made the row of text that is no JSON value; rows of this package never do.
    /// </exception>
    public JsonElement Value => (JsonElement)(_value ??= CanonicalJson.Parse(Utf8.Span));

    /// <inheritdoc/>
    public override string ToString() => Position;

    internal static string FormatPosition(string sourceName, RowUnit unit, long number) => unit switch
    {
        RowUnit.Line => FormattableString.Invariant($"{sourceName}:{number}"),
        RowUnit.Row => FormattableString.Invariant($"{sourceName}: row {number}"),
        RowUnit.Part => FormattableString.Invariant($"{sourceName}: part {number}"),
        _ => FormattableString.Invariant($"{sourceName}: page {number}"),
    };
}
