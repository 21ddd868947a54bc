using System.Text;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;

namespace OpenLedger.Datanets.Access;

/// <content>What is asked while a grant is used, and what is kept beside the journal.</content>
public sealed partial class AccessLedger
{
    /// <summary>Checks a use against the journal, counts it against the quota, and throws when it is denied.</summary>
    /// <param name="token">The token's text, from anywhere.</param>
    /// <param name="use">What is about to be done. The same run and epoch count once, however often they are checked.</param>
    /// <returns>The grant.</returns>
    /// <exception cref="ArgumentException">The use is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.AccessDenied"/>, and <see cref="DatanetException.Denial"/> says why; or a fault of the store.
    /// </exception>
    public AccessGrant CheckOnline(string token, AccessUse use) => EvaluateOnline(token, use).GetGrant();

    /// <summary>Checks a use against the journal and counts it against the quota when it is allowed; see <see cref="CheckOnline"/>.</summary>
    /// <param name="token">The token's text, from anywhere.</param>
    /// <param name="use">What is about to be done.</param>
    /// <returns>Whether it is allowed.</returns>
    /// <exception cref="ArgumentException">The use is not legal.</exception>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public AccessVerdict EvaluateOnline(string token, AccessUse use)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(use);
        use.Validate(nameof(use));
        return _journal.Decide(_projection, draft =>
        {
            GrantVerifier verifier = new(_options.Verifier, _journal.DatanetId, OwnerOnly.OwnerOf(draft, _journal.DatanetId));
            AccessVerdict verdict = verifier.Evaluate(token, use, draft.Now);
            AccessCase? request = null;
            long cost = 0;
            if (verdict.IsAllowed)
            {
                request = _projection.Find(verdict.Grant!.Id);
                cost = request is null ? 0 : CostOf(request, use);
                verdict = Examine(verdict.Grant, request, use, cost, draft.Now) ?? verdict;
            }

            if (verdict.IsAllowed && cost > 0)
            {
                (string run, int epoch) = KeyOf(request!, use);
                draft.Append(AccessEvents.Used, use.Grantee, new JsonObject
                {
                    ["request"] = request!.Id,
                    ["run"] = run,
                    ["epoch"] = epoch,
                    ["amount"] = cost,
                });
            }

            // Whoever has no signed grant leaves no trace here: otherwise anybody could fill the journal.
            if (_options.RecordChecks && use.Grantee != default && verdict.Denial is not (AccessDenial.Malformed or AccessDenial.WrongDatanet
                or AccessDenial.WrongIssuer or AccessDenial.BadSignature))
            {
                draft.Append(AccessEvents.Checked, use.Grantee, Describe(verdict, use));
            }

            return verdict;
        });
    }

    /// <summary>Returns the token of a request that is approved, for the requester.</summary>
    /// <param name="requestId">The request.</param>
    /// <returns>The token, or <see langword="null"/> when the request is not <see cref="AccessRequestState.Approved"/>.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.AccessNotFound"/>, or a fault of the store.</exception>
    public AccessToken? FindToken(long requestId) => _journal.Decide(_projection, draft =>
    {
        AccessCase request = Require(requestId);
        byte[]? text = request.StateAt(draft.Now) == AccessRequestState.Approved
            ? draft.Writer.FindItem(_journal.DatanetId, TokensCollection, KeyOf(requestId))
            : null;
        return text is null ? null : AccessToken.Parse(Encoding.UTF8.GetString(text));
    });

    /// <summary>Returns what the requester wrote, for the owner and the requester.</summary>
    /// <param name="requestId">The request.</param>
    /// <returns>The application, or <see langword="null"/> when it was erased.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.AccessNotFound"/>; <see cref="DatanetError.StoreCorrupt"/>: it is not what was sent; or a fault of the store.
    /// </exception>
    public AccessApplication? FindApplication(long requestId) => _journal.Decide(_projection, draft =>
    {
        AccessCase request = Require(requestId);
        byte[]? sealedAnswers = draft.Writer.FindItem(_journal.DatanetId, AnswersCollection, KeyOf(requestId));
        if (sealedAnswers is null)
        {
            return null;
        }

        if (Sha256Digest.Of(sealedAnswers) != request.AnswersDigest)
        {
            throw new DatanetException(DatanetError.StoreCorrupt, $"The answers of request {requestId} are not those that were sent; restore the store from a copy.");
        }

        EventBody body = new(CanonicalJson.Parse(sealedAnswers), $"the answers of request {requestId}", DatanetError.StoreCorrupt);
        return new AccessApplication
        {
            Purpose = request.Purpose,
            Text = body.Text("text"),
            Answers = body.Element("answers").EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString() ?? ""),
        };
    });

    /// <summary>Erases what the requester wrote; the request and its digest stay.</summary>
    /// <param name="actor">The requester or the owner.</param>
    /// <param name="requestId">The request.</param>
    /// <returns>Whether there was anything to erase.</returns>
    /// <remarks>
    /// The store's write-ahead log is cleared too. While another process reads an older state that cannot be done;
    /// <see cref="Storage.IDatanetStore.Purge"/>, or this method once more, does it later.
    /// </remarks>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.AccessNotFound"/> or <see cref="DatanetError.NotPermitted"/>; or a fault of the store.
    /// </exception>
    public bool EraseApplication(ContributorId actor, long requestId)
    {
        bool isErased = _journal.Decide(_projection, draft =>
        {
            AccessCase request = Require(requestId);
            if (actor != request.Requester)
            {
                OwnerOnly.Demand(draft, _journal.DatanetId, actor, $"erase the answers of request {requestId}");
            }

            byte[] key = KeyOf(requestId);
            if (draft.Writer.FindItem(_journal.DatanetId, AnswersCollection, key) is null)
            {
                return false;
            }

            draft.Append(AccessEvents.AnswersErased, actor, RequestBody(request));
            draft.Writer.RemoveItem(_journal.DatanetId, AnswersCollection, key);
            return true;
        });
        _journal.Purge();
        return isErased;
    }

    private static AccessVerdict? Examine(AccessGrant grant, AccessCase? request, AccessUse use, long cost, DateTimeOffset now)
    {
        if (request?.Grant is null || request.Grant.Digest != grant.Digest)
        {
            return new AccessVerdict(
                AccessDenial.Unknown, $"The journal of '{grant.DatanetId}' knows no such grant {grant.Id}; it was signed outside of the ledger, or for another store.", grant);
        }

        if (request.Noted == AccessRequestState.Revoked)
        {
            return new AccessVerdict(AccessDenial.Revoked, $"The owner took grant {grant.Id} back; stop using the datanet.", grant);
        }

        if (now >= grant.NotAfter)
        {
            return new AccessVerdict(AccessDenial.Expired, $"The grant ended at {grant.NotAfter:O}, and it is {now:O}; request access again.", grant);
        }

        return grant.Quota is AccessQuota quota && cost > quota.Amount - request.Used
            ? new AccessVerdict(
                AccessDenial.QuotaExhausted,
                $"{use.Run}: {cost} more {quota.Unit} are beyond the quota of grant {grant.Id}: {request.Used} of {quota.Amount} were used.",
                grant)
            : null;
    }

    /// <summary>What a use costs beyond what its run or epoch was counted for already.</summary>
    private static long CostOf(AccessCase request, AccessUse use)
    {
        if (use.Run is null || request.Grant?.Quota is not AccessQuota quota)
        {
            return 0;
        }

        long whole = quota.Unit switch
        {
            AccessQuotaUnit.Runs => 1,
            AccessQuotaUnit.Epochs => use.Epoch is null ? 0 : 1,
            _ => use.Epoch is null ? 0 : use.Records,
        };
        return Math.Max(0, whole - request.Counted.GetValueOrDefault(KeyOf(request, use)));
    }

    private static (string Run, int Epoch) KeyOf(AccessCase request, AccessUse use) =>
        (use.Run!, request.Grant!.Quota!.Unit == AccessQuotaUnit.Runs ? -1 : use.Epoch ?? -1);

    private static JsonObject Describe(AccessVerdict verdict, AccessUse use)
    {
        JsonObject body = new() { ["purpose"] = EventName<AccessPurpose>.Of(use.Purpose), ["request"] = verdict.Grant!.Id };
        if (verdict.Denial is AccessDenial denial)
        {
            body["denial"] = EventName<AccessDenial>.Of(denial);
        }

        if (use.Run is not null)
        {
            body["run"] = use.Run;
        }

        if (use.Epoch is int epoch)
        {
            body["epoch"] = epoch;
        }

        return body;
    }
}
