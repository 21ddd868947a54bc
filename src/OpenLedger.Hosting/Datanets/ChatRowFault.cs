namespace OpenLedger.Hosting.Datanets;

/// <summary>Why something that a language model gave is no row. Names and numbers are stable.</summary>
public enum ChatRowFault
{
    /// <summary>The answer for a part could not be read as rows, however often the model was asked; counts parts.</summary>
    MalformedAnswer = 1,

    /// <summary>A row is no JSON object that a record can be made of, or does not fit the schema; counts rows.</summary>
    SchemaMismatch = 2,

    /// <summary>Neither the quotation nor the answer of a row stands in the part; counts rows.</summary>
    MissingEvidence = 3,

    /// <summary>Rows beyond <see cref="ChatRowExtractorOptions.MaxRowsPerPart"/>, which are not looked at; counts rows.</summary>
    TooManyRows = 4,
}
