namespace OpenLedger.Datanets.Reading;

/// <summary>One ingredient of a <see cref="TrainingMixture"/>.</summary>
/// <param name="Name">For messages; distinct within the mixture.</param>
/// <param name="Weight">How often it is drawn from compared to the others, from 1 to 1,000,000,000.</param>
/// <param name="Read">Reads the source from its beginning, given the epoch; usually that of a training reader.</param>
public sealed record MixtureSource(string Name, long Weight, Func<int, IEnumerable<TrainingRecord>> Read);
