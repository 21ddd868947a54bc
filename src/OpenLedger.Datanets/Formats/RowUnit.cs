namespace OpenLedger.Datanets.Formats;

/// <summary>What the number of a <see cref="SourceRow"/> counts.</summary>
public enum RowUnit
{
    /// <summary>1-based lines of a text file; written <c>facts.csv:12</c>.</summary>
    Line = 0,

    /// <summary>1-based rows of a file without lines; written <c>facts.parquet: row 12</c>.</summary>
    Row = 1,

    /// <summary>1-based pieces of a document; written <c>guide.docx: part 3</c>.</summary>
    Part = 2,

    /// <summary>1-based pages of a document; written <c>guide.pdf: page 3</c>.</summary>
    Page = 3,
}
