using System.Globalization;
using System.Text;

namespace OpenLedger.Datanets.Licences;

/// <summary>The effective licence of several sources used together, and which source restricts what.</summary>
/// <remarks>
/// Where an expression offers a choice, the one is taken that leaves the mix the most freedom. A rough reading of licences by family, for
/// warning early; it is no legal advice. Immutable; safe for concurrent use.
/// </remarks>
public sealed class LicenceMix
{
    // Non-dominated combinations kept while sources are added; beyond it the best ones are, and the choice may miss the best of all.
    private const int MaxCandidates = 256;

    private LicenceMix(LicenceTerms terms, IReadOnlyDictionary<string, string> chosen, LicenceRestriction[] restrictions, string? suggested)
    {
        Terms = terms;
        Chosen = chosen;
        Restrictions = Array.AsReadOnly(restrictions);
        SuggestedLicence = suggested;
    }

    /// <summary>The meet of the terms of all sources.</summary>
    public LicenceTerms Terms { get; }

    /// <summary>Which licences were taken for each expression that was met, by canonical text; joined by AND.</summary>
    public IReadOnlyDictionary<string, string> Chosen { get; }

    /// <summary>Every restriction, in the order of <see cref="LicenceRestrictionKind"/>; conflicts last.</summary>
    public IReadOnlyList<LicenceRestriction> Restrictions { get; }

    /// <summary>The conditions that exclude each other; not empty when no adaptation of the mix can be released.</summary>
    public IEnumerable<LicenceRestriction> Conflicts => Restrictions.Where(static restriction => restriction.Kind == LicenceRestrictionKind.Conflict);

    /// <summary>
    /// A licence for adaptations that every source accepts: the one licence of all sources, or what share-alike conditions leave.
    /// <see langword="null"/> when they leave none, or when no condition names one and every source keeps its own notice.
    /// </summary>
    public string? SuggestedLicence { get; }

    /// <summary>Computes the effective licence.</summary>
    /// <param name="sources">The sources; none gives the terms of the public domain.</param>
    public static LicenceMix Meet(params IEnumerable<LicenceSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);

        // By expression: a hundred thousand contributions know a handful of licences.
        var groups = sources
            .GroupBy(static source => source.Licence.ToString(), static source => source, StringComparer.Ordinal)
            .Select(static group => (Expression: group.First().Licence, Names: group.Select(static source => source.Name).ToArray()))
            .ToArray();
        Candidate best = groups
            .Aggregate(
                new List<Candidate> { new(LicenceTerms.PublicDomain, []) },
                static (candidates, group) => Prune(candidates.SelectMany(candidate => candidate.With(group.Expression))))
            .MinBy(static candidate => candidate.Rank)!;

        Dictionary<string, List<string>> sourcesOf = new(StringComparer.Ordinal);
        Dictionary<string, SingleLicence> licences = new(StringComparer.Ordinal);
        Dictionary<string, string> chosen = new(StringComparer.Ordinal);
        for (int i = 0; i < groups.Length; i++)
        {
            IReadOnlyList<SingleLicence> choice = best.Choices[i];
            chosen.Add(groups[i].Expression.ToString(), string.Join(" AND ", choice));
            foreach (SingleLicence licence in choice.DistinctBy(static licence => licence.ToString()))
            {
                string text = licence.ToString();
                licences.TryAdd(text, licence);
                (sourcesOf.TryGetValue(text, out List<string>? names) ? names : sourcesOf[text] = []).AddRange(groups[i].Names);
            }
        }

        LicenceRestriction[] restrictions =
        [
            .. licences.Values.SelectMany(licence => Of(licence, sourcesOf[licence.ToString()])).OrderBy(static restriction => restriction.Kind),
            .. FindConflicts(best.Terms, [.. licences.Values], sourcesOf),
        ];
        return new LicenceMix(best.Terms, chosen, restrictions, Suggest(best.Terms, [.. licences.Values]));
    }

    /// <summary>Whether a use of the mix is allowed, the conditions apart; see <see cref="LicenceTerms.Allows"/>.</summary>
    /// <param name="use">What somebody wants to do.</param>
    public LicenceVerdict Allows(LicenceUse use) => Terms.Allows(use);

    /// <summary>Several lines for people: the effective terms, then who restricts what.</summary>
    public string Explain()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"Effective terms: {Terms}");
        foreach ((string expression, string choice) in Chosen.Where(static pair => pair.Key != pair.Value))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- of '{expression}' this mix uses {choice}");
        }

        foreach (LicenceRestriction restriction in Restrictions)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {restriction.Kind}: {restriction}");
        }

        return text.ToString();
    }

    private static IEnumerable<LicenceRestriction> Of(SingleLicence licence, List<string> sources)
    {
        LicenceTerms terms = licence.Terms;
        LicenceRestriction Says(LicenceRestrictionKind kind, string description) => new(kind, licence.ToString(), sources, description);
        if (terms.Sharing == LicenceVerdict.Denied)
        {
            yield return Says(LicenceRestrictionKind.NoSharing, "does not allow passing copies on");
        }

        if (terms.CommercialUse == LicenceVerdict.Denied)
        {
            yield return Says(LicenceRestrictionKind.NoCommercialUse, "does not allow commercial use");
        }

        if (terms.Derivatives == LicenceVerdict.Denied)
        {
            yield return Says(LicenceRestrictionKind.NoDerivatives, "does not allow sharing adaptations");
        }

        if (terms.Sharing == LicenceVerdict.Unknown || terms.CommercialUse == LicenceVerdict.Unknown || terms.Derivatives == LicenceVerdict.Unknown)
        {
            yield return Says(LicenceRestrictionKind.UnknownTerms, "has terms that a person must read");
        }

        if (terms.Conditions.HasFlag(LicenceConditions.Attribution))
        {
            yield return Says(LicenceRestrictionKind.Attribution, "asks for attribution");
        }

        if (terms.OutboundLicences is { } outbound)
        {
            string network = terms.Conditions.HasFlag(LicenceConditions.NetworkUse) ? ", also when only offered over a network" : "";
            yield return Says(LicenceRestrictionKind.ShareAlike, $"asks that adaptations stay under {string.Join(" or ", outbound)}{network}");
        }

        if (terms.Conditions.HasFlag(LicenceConditions.UseRestrictions))
        {
            yield return Says(LicenceRestrictionKind.UseRestrictions, "excludes uses that it lists");
        }
    }

    private static IEnumerable<LicenceRestriction> FindConflicts(
        LicenceTerms mix, SingleLicence[] licences, Dictionary<string, List<string>> sourcesOf)
    {
        if (!mix.HasShareAlikeConflict)
        {
            yield break;
        }

        bool hasPair = false;
        for (int i = 0; i < licences.Length; i++)
        {
            for (int j = i + 1; j < licences.Length; j++)
            {
                (SingleLicence left, SingleLicence right) = (licences[i], licences[j]);
                if (left.Terms.Meet(right.Terms).HasShareAlikeConflict)
                {
                    hasPair = true;
                    yield return new LicenceRestriction(
                        LicenceRestrictionKind.Conflict,
                        $"{left} and {right}",
                        [.. sourcesOf[left.ToString()], .. sourcesOf[right.ToString()]],
                        "exclude each other: no licence for adaptations satisfies both");
                }
            }
        }

        if (!hasPair)
        {
            SingleLicence[] alike = [.. licences.Where(static licence => licence.Terms.Conditions.HasFlag(LicenceConditions.ShareAlike))];
            yield return new LicenceRestriction(
                LicenceRestrictionKind.Conflict,
                string.Join(", ", alike.Select(static licence => licence.ToString())),
                [.. alike.SelectMany(licence => sourcesOf[licence.ToString()])],
                "exclude each other together: no licence for adaptations satisfies all");
        }
    }

    private static string? Suggest(LicenceTerms terms, SingleLicence[] licences)
    {
        if (terms.Derivatives == LicenceVerdict.Denied || terms.Class == LicenceClass.Unknown)
        {
            return null;
        }

        if (terms.OutboundLicences is { } outbound)
        {
            return outbound.FirstOrDefault(id => licences.Any(licence => licence.Known?.Id == id)) ?? (outbound.Count > 0 ? outbound[0] : null);
        }

        return licences.Length == 1 ? licences[0].ToString() : null;
    }

    /// <summary>Drops combinations that another one beats whatever comes after: the meet is monotonous, so none of them can win.</summary>
    private static List<Candidate> Prune(IEnumerable<Candidate> candidates)
    {
        List<Candidate> kept = [];
        foreach (Candidate candidate in candidates.OrderBy(static candidate => candidate.Rank).ToArray())
        {
            if (kept.Count < MaxCandidates && !kept.Any(better => better.Terms.IsAtMostAsStrictAs(candidate.Terms)))
            {
                kept.Add(candidate);
            }
        }

        return kept;
    }

    private sealed record Candidate(LicenceTerms Terms, IReadOnlyList<IReadOnlyList<SingleLicence>> Choices)
    {
        /// <summary>Less is freer: first what can be done with the result, then how much is asked.</summary>
        public (LicenceVerdict, LicenceVerdict, LicenceVerdict, LicenceClass, int) Rank => (
            Terms.Allows(LicenceUse.Share | LicenceUse.Derive),
            Terms.CommercialUse,
            Terms.Sharing,
            Terms.Class,
            System.Numerics.BitOperations.PopCount((uint)Terms.Conditions));

        public IEnumerable<Candidate> With(LicenceExpression expression) => expression.Choices().Select(choice => new Candidate(
            choice.Aggregate(Terms, static (terms, licence) => terms.Meet(licence.Terms)), [.. Choices, choice]));
    }
}
