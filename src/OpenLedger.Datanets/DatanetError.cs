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
}
