using System.Diagnostics;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Attribution.Rewards;

/// <summary>The one place where influence becomes integers: weights in parts per billion that sum to exactly 10^9.</summary>
/// <remarks>
/// <para>Each positive influence is first rounded down to a fixed-point number, <c>⌊influence / maximum · 2^40⌋</c>; a division and a
/// scaling by a power of two are the only floating-point operations, both defined to the bit by IEEE 754. From there on all is integer:
/// the numbers are summed per contributor, 10^9 is split among contributors by largest remainder (ties by contributor id), and each
/// contributor's weight is split among its records the same way (ties by record id). So both lists tie out, more influence never
/// means less weight, and dividing records among fewer or more rows of one contributor cannot move more than rounding.</para>
/// <para>Influence at or below zero, and positive influence below 2^-40 of the maximum, earns nothing. The order of the input does not
/// matter. Not protected against: copies of one record under several ids, or one person under several ids.</para>
/// <para>Immutable and safe for concurrent use.</para>
/// </remarks>
public sealed class RewardAllocation
{
    /// <summary>The whole: 10^9 parts.</summary>
    public const ulong TotalPpb = 1_000_000_000;

    private const int FractionBits = 40;

    private RewardAllocation(IReadOnlyList<ContributorShare> contributors, IReadOnlyList<RecordShare> records)
    {
        Contributors = contributors;
        Records = records;
    }

    /// <summary>Contributors with a weight, by ascending id; the weights sum to 10^9, or the list is empty.</summary>
    public IReadOnlyList<ContributorShare> Contributors { get; }

    /// <summary>
    /// Every record of the input, by ascending record id (ordinal), with weight 0 where it earns nothing. The weights of one
    /// contributor's records sum to the contributor's.
    /// </summary>
    public IReadOnlyList<RecordShare> Records { get; }

    /// <summary>Whether nobody earns.</summary>
    public bool IsEmpty => Contributors.Count == 0;

    /// <summary>Turns influence into integer weights.</summary>
    /// <param name="influences">One entry per record, in any order; may be empty.</param>
    /// <param name="options">Settings; the defaults when null.</param>
    /// <exception cref="ArgumentException">An influence is NaN or infinite, a record id is empty or repeated, or a setting is out of range.</exception>
    public static RewardAllocation Allocate(IReadOnlyList<RecordInfluence> influences, RewardAllocationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(influences);
        options ??= new RewardAllocationOptions();
        options.Validate();
        RecordInfluence[] records = [.. influences];
        ThrowIfUnusable(records);
        Array.Sort(records, static (x, y) => string.CompareOrdinal(x.RecordId, y.RecordId));
        ulong[] scores = Quantise(records, options);
        KeepTop(scores, options.TopRecords);
        if (scores.All(static score => score == 0) && options.WithoutPositiveInfluence == NoPositiveInfluence.EqualPerRecord)
        {
            Array.Fill(scores, 1UL);
        }

        return Apportion(records, scores, options.ContributorCapPpb);
    }

    private static void ThrowIfUnusable(RecordInfluence[] influences)
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (RecordInfluence record in influences)
        {
            if (string.IsNullOrEmpty(record.RecordId))
            {
                throw new ArgumentException("A record id is null or empty; records are identified by it.", nameof(influences));
            }

            if (!double.IsFinite(record.Influence))
            {
                throw new ArgumentException($"The influence of record '{record.RecordId}' is {record.Influence}; it must be finite. Leave the record out or repair its gradient.", nameof(influences));
            }

            if (!ids.Add(record.RecordId))
            {
                throw new ArgumentException($"Record '{record.RecordId}' occurs twice; sum the influence of a record over queries first.", nameof(influences));
            }
        }
    }

    private static ulong[] Quantise(RecordInfluence[] records, RewardAllocationOptions options)
    {
        double maximum = records.Select(static record => record.Influence).DefaultIfEmpty().Max();
        if (maximum <= 0)
        {
            return new ulong[records.Length];
        }

        ulong floor = (ulong)Math.Ceiling(options.FloorRelativeToMaximum * (1UL << FractionBits));
        return [.. records.Select(record =>
        {
            ulong score = record.Influence > 0 ? (ulong)(record.Influence / maximum * (1UL << FractionBits)) : 0;
            return score >= floor ? score : 0;
        })];
    }

    private static void KeepTop(ulong[] scores, int? count)
    {
        if (count is int kept)
        {
            // Records are in id order, so the stable sort breaks ties by id.
            foreach (int i in Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).Skip(kept).ToArray())
            {
                scores[i] = 0;
            }
        }
    }

    private static RewardAllocation Apportion(RecordInfluence[] records, ulong[] scores, ulong? cap)
    {
        List<ContributorShare> contributors = [];
        ulong[] weights = new ulong[records.Length];
        int[][] groups = [.. Enumerable.Range(0, records.Length)
            .Where(i => scores[i] > 0)
            .GroupBy(i => records[i].Contributor)
            .OrderBy(static group => group.Key)
            .Select(static group => group.ToArray())];
        if (groups.Length > 0)
        {
            UInt128[] sums = [.. groups.Select(group => group.Aggregate((UInt128)0, (sum, i) => sum + scores[i]))];
            ulong[] parts = ApportionCapped(sums, cap ?? TotalPpb);
            for (int g = 0; g < groups.Length; g++)
            {
                int[] group = groups[g];
                ulong[] shares = Apportionment.LargestRemainder(parts[g], [.. group.Select(i => (UInt128)scores[i])]);
                for (int k = 0; k < group.Length; k++)
                {
                    weights[group[k]] = shares[k];
                }

                if (parts[g] > 0)
                {
                    contributors.Add(new ContributorShare(records[group[0]].Contributor, parts[g]));
                }
            }
        }

        Debug.Assert(contributors.Count == 0 || contributors.Aggregate(0UL, static (sum, share) => sum + share.WeightPpb) == TotalPpb);
        return new RewardAllocation(
            contributors.AsReadOnly(),
            Array.AsReadOnly([.. records.Select((record, i) => new RecordShare(record.RecordId, record.Contributor, weights[i]))]));
    }

    // Whoever exceeds the cap gets the cap; the rest is split anew among the others until nobody exceeds it.
    private static ulong[] ApportionCapped(UInt128[] sums, ulong cap)
    {
        if (cap * (ulong)sums.Length <= TotalPpb)
        {
            return Apportionment.LargestRemainder(TotalPpb, [.. Enumerable.Repeat((UInt128)1, sums.Length)]);
        }

        ulong[] parts = new ulong[sums.Length];
        int[] open = [.. Enumerable.Range(0, sums.Length)];
        ulong left = TotalPpb;
        while (true)
        {
            ulong[] split = Apportionment.LargestRemainder(left, [.. open.Select(i => sums[i])]);
            bool[] exceeds = [.. split.Select(part => part > cap)];
            for (int k = 0; k < open.Length; k++)
            {
                parts[open[k]] = Math.Min(split[k], cap);
            }

            if (!exceeds.Contains(true))
            {
                return parts;
            }

            left -= cap * (ulong)exceeds.Count(static e => e);
            open = [.. open.Where((_, k) => !exceeds[k])];
        }
    }
}
