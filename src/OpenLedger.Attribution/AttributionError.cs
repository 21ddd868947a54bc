namespace OpenLedger.Attribution;

/// <summary>What went wrong in the world outside the program.</summary>
public enum AttributionError
{
    /// <summary>A report file is larger than the reader accepts.</summary>
    ReportTooLarge = 1,

    /// <summary>A report is not JSON of the documented form.</summary>
    ReportMalformed = 2,

    /// <summary>A report is of the documented form, but its parts contradict each other.</summary>
    ReportInconsistent = 3,
}
