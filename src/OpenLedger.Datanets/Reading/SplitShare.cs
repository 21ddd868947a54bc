namespace OpenLedger.Datanets.Reading;

/// <summary>One part of a <see cref="SplitPlan"/>.</summary>
/// <param name="Name">For example <c>train</c>.</param>
/// <param name="Weight">How large it is compared to the other parts, from 1 to 1,000,000.</param>
public sealed record SplitShare(string Name, int Weight);
