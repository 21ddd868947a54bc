using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Access;

/// <summary>Checks what can be checked without the datanet's store: signature, time, purpose, version, splits. Not revocation, not quota.</summary>
/// <remarks>Immutable; safe for concurrent use.</remarks>
public sealed class GrantVerifier
{
    private readonly IContributionVerifier _verifier;
    private readonly string _datanetId;
    private readonly ContributorId _owner;
    private readonly TimeSpan _clockSkew;

    /// <summary>Creates a verifier for the grants of one datanet.</summary>
    /// <param name="verifier">Checks signatures.</param>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="owner">The account whose signature counts.</param>
    /// <param name="clockSkew">How far the clocks of issuer and checker may differ, zero to 1 hour; added at both ends of the validity.</param>
    /// <exception cref="ArgumentException">A parameter is not legal.</exception>
    public GrantVerifier(IContributionVerifier verifier, string datanetId, ContributorId owner, TimeSpan clockSkew = default)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        ArgumentException.ThrowIfNullOrEmpty(datanetId);
        if (owner == default)
        {
            throw new ArgumentException("The default contributor id stands for nobody; name the owner's account.", nameof(owner));
        }

        if (clockSkew < TimeSpan.Zero || clockSkew > TimeSpan.FromHours(1))
        {
            throw new ArgumentOutOfRangeException(nameof(clockSkew), clockSkew, "The skew of clocks is zero to 1 hour.");
        }

        _verifier = verifier;
        _datanetId = datanetId;
        _owner = owner;
        _clockSkew = clockSkew;
    }

    /// <summary>Checks a use, and throws when it is denied.</summary>
    /// <param name="token">The token's text, from anywhere.</param>
    /// <param name="use">What is about to be done.</param>
    /// <param name="now">The time.</param>
    /// <returns>The grant.</returns>
    /// <exception cref="ArgumentException">The use is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.AccessDenied"/>; <see cref="DatanetException.Denial"/> says why.</exception>
    public AccessGrant Check(string token, AccessUse use, DateTimeOffset now) => Evaluate(token, use, now).GetGrant();

    /// <summary>Checks a use.</summary>
    /// <param name="token">The token's text, from anywhere.</param>
    /// <param name="use">What is about to be done.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it is allowed.</returns>
    /// <exception cref="ArgumentException">The use is not legal.</exception>
    public AccessVerdict Evaluate(string token, AccessUse use, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(use);
        use.Validate(nameof(use));
        AccessToken parsed;
        try
        {
            parsed = AccessToken.Parse(token);
        }
        catch (DatanetException exception) when (exception.Denial is AccessDenial denial)
        {
            return new AccessVerdict(denial, exception.Message, null);
        }

        AccessGrant grant = parsed.Grant;
        (AccessDenial Denial, string Message)? denied = FindDenial(parsed, use, now);
        return denied is null ? new AccessVerdict(null, "", grant) : new AccessVerdict(denied.Value.Denial, denied.Value.Message, grant);
    }

    private (AccessDenial Denial, string Message)? FindDenial(AccessToken token, AccessUse use, DateTimeOffset now)
    {
        AccessGrant grant = token.Grant;
        if (grant.DatanetId != _datanetId)
        {
            return (AccessDenial.WrongDatanet, $"The grant is for the datanet '{grant.DatanetId}', not '{_datanetId}'; request access to this one.");
        }

        if (grant.Issuer != _owner)
        {
            return (AccessDenial.WrongIssuer, $"The grant was issued by {grant.Issuer}; only the owner, {_owner}, can allow it.");
        }

        if (!_verifier.Verify(grant.Issuer, grant.Digest.ToArray(), token.Signature.Span))
        {
            return (AccessDenial.BadSignature, "The signature is not the owner's: the token was changed or forged.");
        }

        if (grant.Grantee != use.Grantee)
        {
            return (AccessDenial.WrongGrantee, $"The grant was issued to {grant.Grantee}, not {use.Grantee}; grants are personal.");
        }

        if (grant.Purpose != use.Purpose)
        {
            return (AccessDenial.WrongPurpose, $"The grant is for {grant.Purpose}, not {use.Purpose}; request access for that.");
        }

        if (now + _clockSkew < grant.NotBefore)
        {
            return (AccessDenial.NotYetValid, $"The grant begins at {grant.NotBefore:O}, and it is {now:O}.");
        }

        if (now - _clockSkew >= grant.NotAfter)
        {
            return (AccessDenial.Expired, $"The grant ended at {grant.NotAfter:O}, and it is {now:O}; request access again.");
        }

        if (grant.Version is not null && grant.Version != use.Version)
        {
            return (AccessDenial.WrongVersion, $"The grant covers version {grant.Version} only, not {use.Version?.ToString() ?? "an unknown one"}.");
        }

        string? split = grant.Scope.Splits.Count == 0 ? null : use.Splits.FirstOrDefault(split => !grant.Scope.Splits.Contains(split));
        return split is null
            ? null
            : (AccessDenial.OutOfScope, $"The grant does not cover the split '{split}', only {string.Join(", ", grant.Scope.Splits)}.");
    }
}
