using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Reputation;

/// <summary>The credibility of a datanet, <c>C(D) = sum_i w_i f(x_i, y_i)</c>. Pure functions, safe for concurrent use.</summary>
/// <remarks>
/// Source: section 2.3.1 of the OpenLedger whitepaper, as quoted by others: w is a staking weight, f the quality of the pair of input and
/// label. Neither function is published there; here w is an option and f is the quality score of the validation.
/// </remarks>
public static class Credibility
{
    /// <summary>The weight of a stake, in whole units, their square root, or capped.</summary>
    /// <param name="stake">Base units.</param>
    /// <param name="options">The function.</param>
    /// <exception cref="ArgumentException">An option is not legal.</exception>
    public static double WeightOf(UInt128 stake, CredibilityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options.Weight switch
        {
            StakeWeight.Linear => (double)stake / (double)options.UnitStake,
            StakeWeight.SquareRoot => Math.Sqrt((double)stake / (double)options.UnitStake),
            _ => (double)UInt128.Min(stake, options.StakeCap) / (double)options.UnitStake,
        };
    }

    /// <summary>Computes the credibility from terms.</summary>
    /// <param name="items">The terms, in any order; sums are taken in this order.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or a quality is not from 0 to 1.</exception>
    public static CredibilityReport Compute(IEnumerable<CredibilityItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        Dictionary<ContributorId, (int Records, double Weight, double Credibility)> shares = [];
        double total = 0;
        double weights = 0;
        foreach (CredibilityItem item in items)
        {
            ThrowIfInvalid(item, nameof(items));
            double term = item.Weight * item.Quality;
            total += term;
            weights += item.Weight;
            (int records, double weight, double credibility) = shares.GetValueOrDefault(item.Contributor);
            shares[item.Contributor] = (records + 1, weight + item.Weight, credibility + term);
        }

        return new CredibilityReport(
            total,
            weights > 0 ? total / weights : 0,
            [
                .. shares.Select(share => new CredibilityShare(share.Key, share.Value.Records, share.Value.Weight, share.Value.Credibility))
                    .OrderByDescending(share => share.Credibility).ThenBy(share => share.Contributor),
            ]);
    }

    /// <summary>Computes the credibility with the stakes of the contributors.</summary>
    /// <param name="records">Records, who gave them, and their quality from 0 to 1.</param>
    /// <param name="stakes">What contributors have at stake; asked once for each.</param>
    /// <param name="options">How stakes weigh.</param>
    /// <exception cref="ArgumentException">An option is not legal, or a quality is not from 0 to 1.</exception>
    public static CredibilityReport Compute(
        IEnumerable<(RecordDigest Record, ContributorId Contributor, double Quality)> records, IStakeSource stakes, CredibilityOptions options)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(stakes);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Dictionary<ContributorId, double> weights = [];
        return Compute(records.Select(record =>
        {
            if (!weights.TryGetValue(record.Contributor, out double weight))
            {
                weights.Add(record.Contributor, weight = WeightOf(stakes.StakeOf(record.Contributor), options));
            }

            return new CredibilityItem(record.Record, record.Contributor, weight, record.Quality);
        }));
    }

    private static void ThrowIfInvalid(CredibilityItem item, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(item, parameterName);
        if (!double.IsFinite(item.Weight) || item.Weight < 0 || !(item.Quality is >= 0 and <= 1))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Record {item.Record} has weight {item.Weight} and quality {item.Quality}; weights are finite and at least 0, qualities from 0 to 1."),
                parameterName);
        }
    }
}
