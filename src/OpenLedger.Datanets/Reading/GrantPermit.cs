using OpenLedger.Datanets.Access;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Reading;

/// <summary>Reads under an access grant: the grant is checked when reading starts and again before every epoch, and its scope decides what is seen.</summary>
/// <remarks>Safe for concurrent use when the session is.</remarks>
public sealed class GrantPermit : IReadingPermit
{
    private readonly IAccessSession _session;
    private AccessGrant? _grant;

    /// <summary>Creates a permit.</summary>
    /// <param name="session">Asks whether the grant still holds, and counts its quota.</param>
    public GrantPermit(IAccessSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        _session = session;
    }

    /// <inheritdoc/>
    public void Check(DatanetVersion version, int epoch, long records)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (epoch >= 0)
        {
            _session.CheckEpoch(epoch, records);
            return;
        }

        AccessGrant grant = _session.CheckStart();
        if (grant.DatanetId != version.DatanetId || (grant.Version is not null && grant.Version != version.Id))
        {
            throw new DatanetException(
                DatanetError.AccessDenied,
                $"Grant {grant.Id} is for {(grant.Version is null ? "" : $"version {grant.Version} of ")}'{grant.DatanetId}', not for version {version.Id} of '{version.DatanetId}'.");
        }

        if (grant.Scope.Tags.Count > 0)
        {
            throw new DatanetException(
                DatanetError.AccessDenied, $"Grant {grant.Id} is limited to tags, which records of a version do not carry; ask for one by split, licence or contributor.");
        }

        Volatile.Write(ref _grant, grant);
    }

    /// <inheritdoc/>
    public bool Covers(TrainingRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Scope.Covers(new AccessRecordFacts
        {
            Contributor = record.Contributor,
            Licence = record.Licence,
            Split = record.Split.Length == 0 ? null : record.Split,
        });
    }

    /// <inheritdoc/>
    public DatanetRecord Project(DatanetRecord record) => Scope.Project(record).Visible;

    private AccessScope Scope => (Volatile.Read(ref _grant) ?? throw new InvalidOperationException("The permit was not checked; open the reader with it first.")).Scope;
}
