using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Review;

namespace OpenLedger.Datanets.Access;

/// <summary>Who may use a datanet for what: terms, requests, grants, revocation, quotas. All of it is in the datanet's journal.</summary>
/// <remarks>
/// <para>
/// The rules for asking again are those of gated datasets on Hugging Face: a rejection is final for the requester, a request that was taken
/// back may be made again, and access can be revoked at any time.
/// </para>
/// <para>
/// What people write into the form, and the tokens, are kept in the store beside the journal, which has digests of them only: a journal
/// cannot forget. Safe for concurrent use, also by several processes on one store. The application authenticates.
/// </para>
/// </remarks>
public sealed partial class AccessLedger
{
    private const string AnswersCollection = "access/answers";
    private const string TokensCollection = "access/tokens";

    private readonly DatanetJournal _journal;
    private readonly AccessProjection _projection = new();
    private readonly AccessLedgerOptions _options;

    /// <summary>Opens the ledger of a datanet.</summary>
    /// <param name="journal">The datanet's journal.</param>
    /// <param name="options">Verifier, key and payments.</param>
    /// <exception cref="ArgumentException">An option is not legal.</exception>
    public AccessLedger(DatanetJournal journal, AccessLedgerOptions options)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _journal = journal;
        _options = options;
    }

    /// <summary>The terms that apply to new requests, or <see langword="null"/> when none were set and nobody can ask.</summary>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public AccessTerms? GetTerms() => _journal.Query(_projection, _ => _projection.Terms);

    /// <summary>Sets the terms for new requests. Requests that were made keep the terms they were made under.</summary>
    /// <param name="owner">The owner of the datanet.</param>
    /// <param name="terms">The terms; times are kept to the second.</param>
    /// <exception cref="ArgumentException">The terms are not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.NotPermitted"/>, or a fault of the store.</exception>
    public void SetTerms(ContributorId owner, AccessTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        terms.Validate();
        JsonObject body = new() { ["terms"] = terms.ToJson() };
        _journal.Decide(_projection, draft =>
        {
            OwnerOnly.Demand(draft, _journal.DatanetId, owner, "set the terms");
            draft.Append(AccessEvents.TermsSet, owner, body);
            return true;
        });
    }

    /// <summary>Asks for access. Under automatic terms without a price, the request is approved at once.</summary>
    /// <param name="requester">Who asks.</param>
    /// <param name="application">Purpose, text and answers.</param>
    /// <returns>The id of the request.</returns>
    /// <exception cref="ArgumentException">The purpose, the text or an answer does not fit; the message names every fault.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.AccessStateConflict"/>: there are no terms, an earlier request is open or granted, or was denied for good; or a
    /// fault of the store.
    /// </exception>
    public long Request(ContributorId requester, AccessApplication application)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(application.Answers, nameof(application));
        if (application.Text is not { Length: <= AccessApplication.MaxTextLength })
        {
            throw new ArgumentException(
                $"The text has {application.Text?.Length ?? 0} characters; at most {AccessApplication.MaxTextLength} are allowed.", nameof(application));
        }

        byte[] answers = Seal(application);
        return _journal.Decide(_projection, draft =>
        {
            AccessTerms terms = _projection.Terms
                ?? throw new DatanetException(DatanetError.AccessStateConflict, $"The owner of '{_journal.DatanetId}' has set no terms; nobody can ask for access yet.");
            ThrowIfMayNotAsk(requester, draft.Now);
            if (!terms.Purposes.Contains(application.Purpose))
            {
                throw new ArgumentException(
                    $"The purpose {application.Purpose} is not allowed; allowed are {string.Join(", ", terms.Purposes)}.", nameof(application));
            }

            terms.ThrowIfUnfit(application.Answers, nameof(application));
            DateTimeOffset expires = draft.Now + terms.RequestLifetime;
            JournalEvent requested = draft.Append(AccessEvents.Requested, requester, new JsonObject
            {
                ["purpose"] = EventName<AccessPurpose>.Of(application.Purpose),
                ["answers"] = Sha256Digest.Of(answers).ToString(),
                ["expires"] = expires.ToUnixTimeMilliseconds(),
            });
            draft.Writer.PutItem(_journal.DatanetId, AnswersCollection, KeyOf(requested.Sequence), answers);
            if (terms is { Mode: AccessMode.Automatic } && terms.Price == 0)
            {
                Issue(draft, requested.Sequence, requester, application.Purpose, terms, AutomaticSigner());
            }

            return requested.Sequence;
        });
    }

    /// <summary>Takes a request back before it is answered; the requester may ask again.</summary>
    /// <param name="requester">Who asked.</param>
    /// <param name="requestId">A request that is <see cref="AccessRequestState.Pending"/>.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.AccessNotFound"/>, <see cref="DatanetError.NotPermitted"/> or <see cref="DatanetError.AccessStateConflict"/>; or a
    /// fault of the store.
    /// </exception>
    public void Cancel(ContributorId requester, long requestId) => _journal.Decide(_projection, draft =>
    {
        AccessCase request = Require(requestId);
        if (requester != request.Requester)
        {
            throw new DatanetException(DatanetError.NotPermitted, $"{requester} may not take request {requestId} back: only who made it may.");
        }

        ThrowIfNot(request, draft.Now, AccessRequestState.Pending, "taking it back");
        draft.Append(AccessEvents.Cancelled, requester, RequestBody(request));
        return true;
    });

    /// <summary>Approves a request and signs the grant.</summary>
    /// <param name="signer">The owner's key.</param>
    /// <param name="requestId">A request that is <see cref="AccessRequestState.Pending"/> and paid for.</param>
    /// <returns>The token, for the requester.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.AccessNotFound"/>, <see cref="DatanetError.NotPermitted"/> or <see cref="DatanetError.AccessStateConflict"/>; or a
    /// fault of the store.
    /// </exception>
    public AccessToken Approve(IContributionSigner signer, long requestId)
    {
        ArgumentNullException.ThrowIfNull(signer);
        return _journal.Decide(_projection, draft =>
        {
            AccessCase request = Require(requestId);
            OwnerOnly.Demand(draft, _journal.DatanetId, signer.Contributor, "approve requests");
            ThrowIfNot(request, draft.Now, AccessRequestState.Pending, "approval");
            return request.IsPaid
                ? Issue(draft, request.Id, request.Requester, request.Purpose, request.Terms, signer)
                : throw new DatanetException(
                    DatanetError.AccessStateConflict, $"The price of request {requestId}, {request.Terms.Price}, is not paid; confirm a payment first.");
        });
    }

    /// <summary>Denies a request, for good.</summary>
    /// <param name="owner">The owner of the datanet.</param>
    /// <param name="requestId">A request that is <see cref="AccessRequestState.Pending"/>.</param>
    /// <param name="note">Why; see <see cref="ReviewAnswer.Reject"/> for what is legal. It is kept for ever.</param>
    /// <exception cref="ArgumentException">The note is not legal.</exception>
    /// <exception cref="DatanetException">As for <see cref="Approve"/>.</exception>
    public void Deny(ContributorId owner, long requestId, string note = "")
    {
        ReviewAnswer.CheckNote(note);
        _journal.Decide(_projection, draft =>
        {
            AccessCase request = Require(requestId);
            OwnerOnly.Demand(draft, _journal.DatanetId, owner, "deny requests");
            ThrowIfNot(request, draft.Now, AccessRequestState.Pending, "denial");
            draft.Append(AccessEvents.Denied, owner, WithNote(RequestBody(request), note));
            return true;
        });
    }

    /// <summary>Takes a grant back. Online checks deny it from now on; offline checks cannot know.</summary>
    /// <param name="owner">The owner of the datanet.</param>
    /// <param name="requestId">A request that is <see cref="AccessRequestState.Approved"/>.</param>
    /// <param name="note">Why; see <see cref="ReviewAnswer.Reject"/> for what is legal. It is kept for ever.</param>
    /// <param name="mayAskAgain">Whether the requester may ask again.</param>
    /// <exception cref="ArgumentException">The note is not legal.</exception>
    /// <exception cref="DatanetException">As for <see cref="Approve"/>.</exception>
    public void Revoke(ContributorId owner, long requestId, string note = "", bool mayAskAgain = false)
    {
        ReviewAnswer.CheckNote(note);
        _journal.Decide(_projection, draft =>
        {
            AccessCase request = Require(requestId);
            OwnerOnly.Demand(draft, _journal.DatanetId, owner, "revoke grants");
            ThrowIfNot(request, draft.Now, AccessRequestState.Approved, "revocation");
            JsonObject body = WithNote(RequestBody(request), note);
            body["again"] = mayAskAgain;
            draft.Append(AccessEvents.Revoked, owner, body);
            draft.Writer.RemoveItem(_journal.DatanetId, TokensCollection, KeyOf(requestId));
            return true;
        });
    }

    /// <summary>Notes that the price of a request was paid; under automatic terms, the request is approved with it.</summary>
    /// <param name="requestId">A request that is <see cref="AccessRequestState.Pending"/> and has a price.</param>
    /// <param name="reference">The payment, 1 to 200 characters without control characters. One payment pays one request.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether the payment arrived; when it did not, nothing changes.</returns>
    /// <exception cref="ArgumentException">The reference is not legal.</exception>
    /// <exception cref="InvalidOperationException"><see cref="AccessLedgerOptions.Payments"/> is not set.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.AccessNotFound"/>; <see cref="DatanetError.AccessStateConflict"/>: nothing is to be paid, or the payment was used;
    /// or a fault of the store.
    /// </exception>
    public async Task<bool> ConfirmPaymentAsync(long requestId, string reference, CancellationToken cancellationToken = default)
    {
        Bounties.BountyReceipt.Check(reference, nameof(reference));
        IAccessPayments payments = _options.Payments ?? throw new InvalidOperationException("No price can be confirmed: set Payments in the options.");
        (ContributorId requester, UInt128 price) = _journal.Query(_projection, now => ToBePaid(requestId, reference, now));
        if (!await payments.IsPaidAsync(requester, price, reference, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        return _journal.Decide(_projection, draft =>
        {
            ToBePaid(requestId, reference, draft.Now); // another process may have been faster
            AccessCase request = Require(requestId);
            JsonObject body = RequestBody(request);
            body["amount"] = price.ToString(CultureInfo.InvariantCulture);
            body["reference"] = reference;
            draft.Append(AccessEvents.PaidFor, request.Requester, body);
            if (request.Terms.Mode == AccessMode.Automatic)
            {
                Issue(draft, request.Id, request.Requester, request.Purpose, request.Terms, AutomaticSigner());
            }

            return true;
        });
    }

    /// <summary>Finds a request.</summary>
    /// <param name="requestId">Its id.</param>
    /// <returns>The request now, or <see langword="null"/>.</returns>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public AccessRequest? Find(long requestId) => _journal.Query(_projection, now => _projection.Find(requestId)?.ToRequest(now));

    /// <summary>Lists requests, oldest first.</summary>
    /// <param name="state">Only requests in this state, or <see langword="null"/> for all.</param>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public IReadOnlyList<AccessRequest> List(AccessRequestState? state = null) => _journal.Query(
        _projection, now => _projection.Cases.Select(request => request.ToRequest(now)).Where(request => state is null || request.State == state).ToArray());

    private void ThrowIfMayNotAsk(ContributorId requester, DateTimeOffset now)
    {
        if (_projection.FindLatest(requester) is not AccessCase earlier)
        {
            return;
        }

        string? why = earlier.StateAt(now) switch
        {
            AccessRequestState.Pending => "is pending; wait for the answer, or take it back",
            AccessRequestState.Approved => "was approved and its grant is valid; use that",
            AccessRequestState.Denied => "was denied, which is final",
            AccessRequestState.Revoked when !earlier.MayAskAgain => "was revoked, which is final",
            _ => null,
        };
        if (why is not null)
        {
            throw new DatanetException(DatanetError.AccessStateConflict, $"{requester} cannot ask again: request {earlier.Id} {why}.");
        }
    }

    private (ContributorId Requester, UInt128 Price) ToBePaid(long requestId, string reference, DateTimeOffset now)
    {
        AccessCase request = Require(requestId);
        ThrowIfNot(request, now, AccessRequestState.Pending, "a payment");
        if (request.IsPaid)
        {
            throw new DatanetException(
                DatanetError.AccessStateConflict, $"Nothing is to be paid for request {requestId}: {(request.Terms.Price == 0 ? "it is free" : "it is paid")}.");
        }

        return _projection.RequestOf(reference) is long other
            ? throw new DatanetException(DatanetError.AccessStateConflict, $"The payment '{reference}' paid request {other}; one payment pays one request.")
            : (request.Requester, request.Terms.Price);
    }

    private AccessToken Issue(
        JournalDraft draft, long requestId, ContributorId requester, AccessPurpose purpose, AccessTerms terms, IContributionSigner signer)
    {
        OwnerOnly.Demand(draft, _journal.DatanetId, signer.Contributor, "sign grants");
        AccessGrant grant = new(requestId, _journal.DatanetId, signer.Contributor, requester, purpose, terms, draft.Now);
        AccessToken token = AccessToken.Sign(grant, signer);
        draft.Append(AccessEvents.Approved, signer.Contributor, new JsonObject
        {
            ["request"] = requestId,
            ["grant"] = JsonNode.Parse(grant.Document.Span, null, new JsonDocumentOptions { MaxDepth = CanonicalJson.MaxDepth }),
        });
        draft.Writer.PutItem(_journal.DatanetId, TokensCollection, KeyOf(requestId), Encoding.UTF8.GetBytes(token.Text));
        return token;
    }

    private IContributionSigner AutomaticSigner() => _options.AutomaticSigner
        ?? throw new InvalidOperationException("The terms approve automatically, but no key was given: set AutomaticSigner in the options.");

    private AccessCase Require(long requestId) => _projection.Find(requestId)
        ?? throw new DatanetException(DatanetError.AccessNotFound, $"'{_journal.DatanetId}' has no access request {requestId}; List gives ids that exist.");

    private static void ThrowIfNot(AccessCase request, DateTimeOffset now, AccessRequestState state, string step)
    {
        AccessRequestState current = request.StateAt(now);
        if (current != state)
        {
            throw new DatanetException(
                DatanetError.AccessStateConflict, $"Request {request.Id} is {current}; {step} is possible only while it is {state}.");
        }
    }

    private static JsonObject RequestBody(AccessCase request) => new() { ["request"] = request.Id };

    private static JsonObject WithNote(JsonObject body, string note)
    {
        if (note.Length > 0)
        {
            body["note"] = note;
        }

        return body;
    }

    /// <summary>Text and answers with a salt, so that nobody can guess them from the digest in the journal.</summary>
    private static byte[] Seal(AccessApplication application)
    {
        JsonObject answers = [];
        foreach ((string name, string answer) in application.Answers)
        {
            answers[name] = answer;
        }

        return CanonicalJson.Serialize(new JsonObject
        {
            ["answers"] = answers,
            ["text"] = application.Text,
            ["salt"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Sha256Digest.Length)),
        });
    }

    private static byte[] KeyOf(long requestId)
    {
        byte[] key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, requestId);
        return key;
    }
}
