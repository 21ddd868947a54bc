using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Reading;

/// <summary>Says what a reader may see. It is asked when reading starts and again at the start of every epoch.</summary>
public interface IReadingPermit
{
    /// <summary>Throws when the version may not be read, or not any more.</summary>
    /// <param name="version">The version.</param>
    /// <param name="epoch">0-based; -1 when the reader is opened.</param>
    /// <param name="records">How many records the epoch reads; 0 when the reader is opened.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.AccessDenied"/>: the permit is expired, revoked, used up or for something else.</exception>
    void Check(DatanetVersion version, int epoch, long records);

    /// <summary>Whether a record may be seen at all.</summary>
    /// <param name="record">The whole record.</param>
    bool Covers(TrainingRecord record);

    /// <summary>The part of a record that may be seen.</summary>
    /// <param name="record">The whole record.</param>
    DatanetRecord Project(DatanetRecord record);
}
