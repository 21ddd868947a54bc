namespace OpenLedger.Datanets.Reputation;

/// <summary>From which penalty score on future rewards shrink, and to what.</summary>
/// <param name="Threshold">The penalty score, more than 0.</param>
/// <param name="MultiplierPpm">What is left of a reward, in parts per million: 0 to 1,000,000. An integer, so that it can be paid by.</param>
public sealed record PenaltyTier(double Threshold, int MultiplierPpm);
