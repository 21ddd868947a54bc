namespace OpenLedger.Datanets.Licences;

/// <summary>How a text from elsewhere names a licence.</summary>
public enum LicenceSpelling
{
    /// <summary>It does not name one that this package recognises.</summary>
    None,

    /// <summary>An SPDX expression whose identifiers are all known, or references.</summary>
    SpdxExpression,

    /// <summary>An identifier of a Hugging Face card that is not one of SPDX.</summary>
    HuggingFaceId,

    /// <summary>The address of a licence text.</summary>
    Address,
}
