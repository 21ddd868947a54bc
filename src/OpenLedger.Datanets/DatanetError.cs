namespace OpenLedger.Datanets;

/// <summary>What went wrong in the world: in a file, a document from outside, or a store.</summary>
public enum DatanetError
{
    /// <summary>Text is not valid JSON, or holds something canonical JSON cannot express.</summary>
    InvalidJson = 1,

    /// <summary>Bytes are not valid UTF-8.</summary>
    InvalidUtf8 = 2,

    /// <summary>A line, file, record or document exceeds its documented limit.</summary>
    LimitExceeded = 3,

    /// <summary>A schema document is well-formed JSON but not a schema.</summary>
    InvalidSchema = 4,

    /// <summary>A contribution statement is well-formed JSON but not a statement.</summary>
    InvalidStatement = 5,

    /// <summary>A version header is well-formed JSON but not a header.</summary>
    InvalidVersion = 6,

    /// <summary>Another process or connection holds the store.</summary>
    StoreLocked = 10,

    /// <summary>The store's file is damaged, or its content contradicts the digests it commits to.</summary>
    StoreCorrupt = 11,

    /// <summary>The file is not a datanet store.</summary>
    NotADatanetStore = 12,

    /// <summary>The store was written by a newer version of this package.</summary>
    NewerStoreFormat = 13,

    /// <summary>The disk, or the store's size limit, is full.</summary>
    StoreFull = 14,

    /// <summary>The store cannot be opened, read or written: path, permission or device.</summary>
    StoreUnavailable = 15,

    /// <summary>The store holds no datanet with that id.</summary>
    DatanetNotFound = 20,

    /// <summary>The store already holds a datanet with that id and another owner or schema.</summary>
    DatanetExists = 21,

    /// <summary>The datanet has no version with that number.</summary>
    VersionNotFound = 22,

    /// <summary>The version holds no record with that digest.</summary>
    RecordNotFound = 23,

    /// <summary>The datanet holds no contribution with that digest.</summary>
    ContributionNotFound = 24,

    /// <summary>No record was accepted since the last version.</summary>
    NothingToCommit = 25,

    /// <summary>The record was erased: its payload is gone for good, its hash and place remain.</summary>
    RecordErased = 30,

    /// <summary>The datanet has no branch of that name.</summary>
    BranchNotFound = 31,

    /// <summary>The datanet already has a branch of that name.</summary>
    BranchExists = 32,

    /// <summary>The datanet has no tag of that name.</summary>
    TagNotFound = 33,

    /// <summary>The datanet already has a tag of that name; tags never move.</summary>
    TagExists = 34,

    /// <summary>A merge met conflicts for which no resolution was given.</summary>
    MergeConflict = 35,

    /// <summary>A CSV file is malformed.</summary>
    InvalidCsv = 40,

    /// <summary>A Parquet or Arrow file is damaged or uses a feature that is not supported.</summary>
    InvalidColumnarFile = 41,

    /// <summary>A document (Markdown, text, DOCX, PDF) cannot be read.</summary>
    InvalidDocument = 42,

    /// <summary>A path inside an archive or a manifest leaves its folder.</summary>
    UnsafePath = 43,

    /// <summary>Rows do not fit the column mapping.</summary>
    InvalidMapping = 44,

    /// <summary>A language model that was asked for rows gave an answer that holds none, or rows that do not fit the schema.</summary>
    InvalidGeneratedRows = 45,

    /// <summary>A Croissant document is not one, or contradicts itself.</summary>
    InvalidManifest = 50,

    /// <summary>A dataset card's front matter cannot be read.</summary>
    InvalidDatasetCard = 51,

    /// <summary>A licence is not an SPDX expression.</summary>
    InvalidLicence = 55,

    /// <summary>A JSON Schema is malformed, or uses a keyword that has no equivalent here.</summary>
    InvalidJsonSchema = 56,

    /// <summary>A record cannot be carried to the newer schema.</summary>
    MigrationFailed = 57,

    /// <summary>A migration document is well-formed JSON but not a migration.</summary>
    InvalidMigration = 58,

    /// <summary>There is no such review task.</summary>
    ReviewTaskNotFound = 60,

    /// <summary>The review task is not in a state that allows this step.</summary>
    ReviewStateConflict = 61,

    /// <summary>The reviewer may not judge this record.</summary>
    ConflictOfInterest = 62,

    /// <summary>The account may not take this step of a review, a bounty or an access request; the message says who may.</summary>
    NotPermitted = 63,

    /// <summary>The bounty pool does not hold enough, or the step does not fit its state.</summary>
    BountyConflict = 70,

    /// <summary>There is no such access request or grant.</summary>
    AccessNotFound = 80,

    /// <summary>The access request is not in a state that allows this step.</summary>
    AccessStateConflict = 81,

    /// <summary>An access grant is forged, expired, revoked or does not cover this use.</summary>
    AccessDenied = 82,

    /// <summary>A stored validation report or contamination index is well-formed JSON but not one, or contradicts itself.</summary>
    InvalidValidationDocument = 90,
}
