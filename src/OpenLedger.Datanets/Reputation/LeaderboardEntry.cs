namespace OpenLedger.Datanets.Reputation;

/// <summary>A place on the leaderboard.</summary>
/// <param name="Rank">1 for the best; no rank is given twice.</param>
/// <param name="Reputation">Who, and why.</param>
public sealed record LeaderboardEntry(int Rank, ContributorReputation Reputation);
