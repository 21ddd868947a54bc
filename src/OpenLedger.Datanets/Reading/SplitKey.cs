namespace OpenLedger.Datanets.Reading;

/// <summary>What stays together when records are divided into splits.</summary>
public enum SplitKey
{
    /// <summary>Every record is placed on its own, by its digest.</summary>
    Record = 0,

    /// <summary>All records of one contributor fall into one split, so that nobody is trained and tested on.</summary>
    Contributor = 1,

    /// <summary>All records with the same value of one field fall into one split; records without the field are placed on their own.</summary>
    Field = 2,
}
