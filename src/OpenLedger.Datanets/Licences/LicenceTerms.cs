using System.Collections.Frozen;

namespace OpenLedger.Datanets.Licences;

/// <summary>What a licence, or a mix of them, allows and asks: a point of a lattice whose meet is the terms of both together.</summary>
/// <remarks>
/// A rough reading of licences by family, for warning early; it is no legal advice. Immutable; safe for concurrent use. The meet is
/// commutative, associative and idempotent, <see cref="PublicDomain"/> is its neutral element.
/// </remarks>
public sealed class LicenceTerms : IEquatable<LicenceTerms>
{
    private readonly FrozenSet<string>? _outbound;

    internal LicenceTerms(
        LicenceClass licenceClass,
        LicenceVerdict share,
        LicenceVerdict commercial,
        LicenceVerdict derive,
        LicenceConditions conditions,
        IEnumerable<string>? outbound)
    {
        Class = licenceClass;
        Sharing = share;
        CommercialUse = commercial;
        Derivatives = derive;
        Conditions = conditions;
        _outbound = outbound?.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The terms of what nobody owns: everything is allowed, nothing is asked.</summary>
    public static LicenceTerms PublicDomain { get; } = new(
        LicenceClass.PublicDomain, LicenceVerdict.Granted, LicenceVerdict.Granted, LicenceVerdict.Granted, LicenceConditions.None, null);

    /// <summary>The terms of a licence of which nothing is known.</summary>
    public static LicenceTerms Unknown { get; } = new(
        LicenceClass.Unknown, LicenceVerdict.Unknown, LicenceVerdict.Unknown, LicenceVerdict.Unknown, LicenceConditions.None, null);

    /// <summary>The family; of a mix the strictest of its sources'.</summary>
    public LicenceClass Class { get; }

    /// <summary>Whether copies may be passed on.</summary>
    public LicenceVerdict Sharing { get; }

    /// <summary>Whether it may be used for commercial advantage.</summary>
    public LicenceVerdict CommercialUse { get; }

    /// <summary>Whether adaptations may be shared.</summary>
    public LicenceVerdict Derivatives { get; }

    /// <summary>What is asked in return.</summary>
    public LicenceConditions Conditions { get; }

    /// <summary>
    /// The SPDX identifiers under which adaptations may be released, in order; <see langword="null"/> when no share-alike condition
    /// limits them, empty when the conditions of a mix exclude each other.
    /// </summary>
    /// <remarks>
    /// A licence that every share-alike source accepts still drops out when it would give away what another source keeps: commercial
    /// use, or freedom from use restrictions.
    /// </remarks>
    public IReadOnlyList<string>? OutboundLicences => _outbound?.Where(CanCarry).Order(StringComparer.Ordinal).ToArray();

    /// <summary>Whether share-alike conditions exclude each other or another term, so that no adaptation of the mix can be released.</summary>
    public bool HasShareAlikeConflict => _outbound is not null && !_outbound.Any(CanCarry);

    /// <summary>The terms under which two sources can be used together: each permission only if both give it, all conditions of both.</summary>
    /// <param name="other">The terms of the other source.</param>
    public LicenceTerms Meet(LicenceTerms other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new LicenceTerms(
            Max(Class, other.Class),
            Max(Sharing, other.Sharing),
            Max(CommercialUse, other.CommercialUse),
            Max(Derivatives, other.Derivatives),
            Conditions | other.Conditions,
            _outbound is null ? other._outbound : other._outbound is null ? _outbound : _outbound.Intersect(other._outbound, StringComparer.Ordinal));
    }

    /// <summary>Whether these terms allow everything the others do and ask nothing beyond what they ask.</summary>
    /// <param name="other">The terms to compare with.</param>
    public bool IsAtMostAsStrictAs(LicenceTerms other) => Equals(other, Meet(other));

    /// <summary>Whether a use is allowed, the conditions apart.</summary>
    /// <param name="use">What somebody wants to do.</param>
    /// <returns>
    /// The strictest of the permissions that the use needs. An adaptation can be shared only if <see cref="HasShareAlikeConflict"/> is
    /// <see langword="false"/>.
    /// </returns>
    public LicenceVerdict Allows(LicenceUse use)
    {
        LicenceVerdict answer = LicenceVerdict.Granted;
        answer = use.HasFlag(LicenceUse.Share) ? Max(answer, Sharing) : answer;
        answer = use.HasFlag(LicenceUse.Commercial) ? Max(answer, CommercialUse) : answer;
        if (use.HasFlag(LicenceUse.Derive) && use.HasFlag(LicenceUse.Share))
        {
            // Licences restrict what is passed on; adapting for oneself is not what they forbid.
            answer = Max(answer, HasShareAlikeConflict ? LicenceVerdict.Denied : Derivatives);
        }

        return answer;
    }

    /// <inheritdoc/>
    public bool Equals(LicenceTerms? other) =>
        other is not null
        && (Class, Sharing, CommercialUse, Derivatives, Conditions)
            == (other.Class, other.Sharing, other.CommercialUse, other.Derivatives, other.Conditions)
        && (_outbound is null ? other._outbound is null : other._outbound is not null && _outbound.SetEquals(other._outbound));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LicenceTerms);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Class, Sharing, CommercialUse, Derivatives, Conditions, _outbound?.Count);

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        $"{Class}: sharing {Sharing}, commercial use {CommercialUse}, derivatives {Derivatives}, conditions {Conditions}"
        + (OutboundLicences is not { } outbound ? "" : outbound.Count == 0 ? "; no licence for adaptations" : "; adaptations under " + string.Join(" or ", outbound));

    // Evaluated on the mix, not at each meet, so that the order of sources cannot matter.
    private bool CanCarry(string id)
    {
        LicenceTerms outbound = SpdxLicence.TryFind(id, out SpdxLicence? licence) ? licence.Terms : Unknown;
        return (CommercialUse != LicenceVerdict.Denied || outbound.CommercialUse == LicenceVerdict.Denied)
            && (!Conditions.HasFlag(LicenceConditions.UseRestrictions) || outbound.Conditions.HasFlag(LicenceConditions.UseRestrictions));
    }

    private static T Max<T>(T left, T right)
        where T : struct, Enum => Comparer<T>.Default.Compare(left, right) >= 0 ? left : right;
}
