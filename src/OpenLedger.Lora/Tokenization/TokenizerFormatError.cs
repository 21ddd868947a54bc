namespace OpenLedger.Lora.Tokenization;

/// <summary>Why the files of a tokenizer were refused.</summary>
public enum TokenizerFormatError
{
    /// <summary>A file that the format needs is not in the folder.</summary>
    MissingFile,

    /// <summary>A file is larger than the reader accepts.</summary>
    FileTooLarge,

    /// <summary>A file is not well-formed JSON, nests too deeply, or is not valid Unicode text.</summary>
    MalformedFile,

    /// <summary>A field is absent, or has another JSON type or range than the format defines.</summary>
    InvalidField,

    /// <summary>
    /// A component (normaliser, pre-tokeniser, model, decoder or an option of one) is legal in the format but not
    /// implemented here; reading on would give other ids than the tokenizer's author meant.
    /// </summary>
    UnsupportedComponent,

    /// <summary>The vocabulary repeats an id or a token, has holes, or lacks a byte that text can contain.</summary>
    InvalidVocabulary,

    /// <summary>A merge rule is malformed, or names a token that the vocabulary does not have.</summary>
    InvalidMerge,

    /// <summary>An added token contradicts the vocabulary or another added token.</summary>
    InvalidAddedToken,
}
