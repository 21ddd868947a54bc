namespace OpenLedger.Chain.Verification;

/// <summary>One check of a verification.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Reason">Why it does not hold; null where it does.</param>
public sealed record VerificationCheck(string Name, bool Passed, string? Reason);
