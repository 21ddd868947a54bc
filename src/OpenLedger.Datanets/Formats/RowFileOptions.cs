namespace OpenLedger.Datanets.Formats;

/// <summary>How <see cref="RowFiles"/> reads files of all formats.</summary>
public sealed record RowFileOptions
{
    /// <summary>JSON Lines and JSON.</summary>
    /// <value>The defaults.</value>
    public JsonLinesOptions Json { get; init; } = new();

    /// <summary>Comma-separated files.</summary>
    /// <value>The defaults.</value>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>Tab-separated files.</summary>
    /// <value><see cref="CsvOptions.TabSeparated"/>.</value>
    public CsvOptions Tsv { get; init; } = CsvOptions.TabSeparated;

    /// <summary>Parquet and Arrow.</summary>
    /// <value>The defaults.</value>
    public ColumnarOptions Columnar { get; init; } = new();

    /// <summary>Documents.</summary>
    /// <value><see cref="RowExtractors.Default"/>.</value>
    public RowExtractors Extractors { get; init; } = RowExtractors.Default;

    /// <summary>Most files that a folder may hold.</summary>
    /// <value>10,000; at least 1.</value>
    public int MaxFolderFiles { get; init; } = 10_000;

    /// <summary>Deepest folder inside a folder that is walked.</summary>
    /// <value>8; 0 to 64.</value>
    public int MaxFolderDepth { get; init; } = 8;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        Json.Validate();
        Csv.Validate();
        Tsv.Validate();
        Columnar.Validate();
        List<string> faults = [];
        RowFault.CheckLimit(faults, nameof(MaxFolderFiles), MaxFolderFiles, 1);
        RowFault.CheckLimit(faults, nameof(MaxFolderDepth), MaxFolderDepth, 0, 64);
        RowFault.ThrowIfAny(faults);
    }
}
