using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;

namespace OpenLedger.Datanets.Access;

/// <summary>Terms, requests and grants, as the journal tells them.</summary>
internal sealed class AccessProjection : JournalProjection
{
    private readonly Dictionary<long, AccessCase> _cases = [];
    private readonly Dictionary<ContributorId, AccessCase> _latest = [];
    private readonly Dictionary<string, long> _references = new(StringComparer.Ordinal);

    public AccessTerms? Terms { get; private set; }

    public IEnumerable<AccessCase> Cases => _cases.Values.OrderBy(item => item.Id);

    public AccessCase? Find(long id) => _cases.GetValueOrDefault(id);

    public AccessCase? FindLatest(ContributorId requester) => _latest.GetValueOrDefault(requester);

    public long? RequestOf(string reference) => _references.TryGetValue(reference, out long id) ? id : null;

    protected override void Apply(JournalEvent journalEvent)
    {
        if (!journalEvent.Kind.StartsWith("access.", StringComparison.Ordinal))
        {
            return;
        }

        EventBody body = new(journalEvent);
        switch (journalEvent.Kind)
        {
            case AccessEvents.TermsSet:
                Terms = AccessTerms.Read(body.Object("terms"));
                break;
            case AccessEvents.Requested:
                AccessCase added = new()
                {
                    Id = journalEvent.Sequence,
                    Requester = journalEvent.Actor,
                    Purpose = body.Name<AccessPurpose>("purpose"),
                    RequestedAt = journalEvent.Time,
                    ExpiresAt = body.Time("expires"),
                    AnswersDigest = body.Digest("answers"),
                    Terms = Terms ?? throw body.Fault("purpose", "comes before any terms"),
                };
                _cases.Add(added.Id, added);
                _latest[added.Requester] = added;
                break;
            case AccessEvents.Cancelled:
                Require(body).Noted = AccessRequestState.Cancelled;
                break;
            case AccessEvents.PaidFor:
                AccessCase paid = Require(body);
                paid.PaymentReference = body.Text("reference");
                _references[paid.PaymentReference] = paid.Id;
                break;
            case AccessEvents.Approved:
                AccessCase approved = Require(body);
                approved.Grant = ReadGrant(body);
                approved.Noted = AccessRequestState.Approved;
                break;
            case AccessEvents.Denied:
                AccessCase denied = Require(body);
                denied.Noted = AccessRequestState.Denied;
                denied.Note = body.OptionalText("note") ?? "";
                break;
            case AccessEvents.Revoked:
                AccessCase revoked = Require(body);
                revoked.Noted = AccessRequestState.Revoked;
                revoked.Note = body.OptionalText("note") ?? "";
                revoked.MayAskAgain = body.Boolean("again");
                break;
            case AccessEvents.Used:
                AccessCase used = Require(body);
                long amount = body.Int64("amount");
                (string, int) key = (body.Text("run"), body.Int32("epoch"));
                used.Counted[key] = used.Counted.GetValueOrDefault(key) + amount;
                used.Used += amount;
                break;
        }
    }

    private AccessCase Require(EventBody body) => Find(body.Int64("request")) ?? throw body.Fault("request", "names no request");

    private static AccessGrant ReadGrant(EventBody body)
    {
        try
        {
            return AccessGrant.Parse(CanonicalJson.Serialize(body.Element("grant")));
        }
        catch (DatanetException exception) when (exception.Error == DatanetError.AccessDenied)
        {
            throw body.Fault("grant", $"is not a grant: {exception.Message}");
        }
    }
}
