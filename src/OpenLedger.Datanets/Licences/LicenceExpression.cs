using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Datanets.Licences;

/// <summary>A licence expression of the SPDX specification (annex D of version 2.3): identifiers joined by AND, OR and WITH.</summary>
/// <remarks>
/// Either a <see cref="SingleLicence"/> or a <see cref="CompoundLicence"/>. Immutable; safe for concurrent use. Two expressions are equal
/// when their canonical texts are; <c>MIT OR ISC</c> and <c>ISC OR MIT</c> are not.
/// </remarks>
public abstract class LicenceExpression : IEquatable<LicenceExpression>
{
    /// <summary>Longest text in characters.</summary>
    public const int MaxLength = 500;

    /// <summary>Most ways to choose among the licences that OR offers.</summary>
    public const int MaxAlternatives = 64;

    /// <summary>Deepest nesting of parentheses.</summary>
    public const int MaxDepth = 16;

    private protected LicenceExpression()
    {
    }

    /// <summary>The licences of the expression, from left to right.</summary>
    public abstract IReadOnlyList<SingleLicence> Licences { get; }

    /// <summary>Whether every licence is on the list of this package, see <see cref="SpdxLicence.Known"/>.</summary>
    public bool IsKnown => Licences.All(static licence => licence.Known is not null);

    internal abstract int AlternativeCount { get; }

    /// <summary>Reads an expression.</summary>
    /// <param name="text">
    /// 1 to <see cref="MaxLength"/> ASCII characters. Identifiers may have any case and need not be on the list of this package; operators
    /// are all upper or all lower case. AND binds more tightly than OR.
    /// </param>
    /// <returns>The expression, with known identifiers in their canonical spelling.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.InvalidLicence"/>: the text is no expression; the message says where.</exception>
    public static LicenceExpression Parse(string text) =>
        TryParse(text, out LicenceExpression? expression, out string? fault)
            ? expression
            : throw new DatanetException(DatanetError.InvalidLicence, fault);

    /// <summary>Reads an expression; see <see cref="Parse"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="expression">The expression, or <see langword="null"/>.</param>
    /// <param name="fault">What is wrong and where, or <see langword="null"/>.</param>
    /// <returns><see langword="false"/> when the text is no expression.</returns>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out LicenceExpression? expression,
        [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LicenceParser.TryParse(text, out expression, out fault);
    }

    /// <summary>The terms of each choice that the expression offers, the meet of its licences; one when there is no OR.</summary>
    public IReadOnlyList<LicenceTerms> Alternatives() =>
        [.. Choices().Select(static choice => choice.Aggregate(LicenceTerms.PublicDomain, static (terms, licence) => terms.Meet(licence.Terms)))];

    /// <summary>The disjunctive normal form: the licences that hold together under each choice.</summary>
    internal abstract IEnumerable<IReadOnlyList<SingleLicence>> Choices();

    /// <inheritdoc/>
    public bool Equals(LicenceExpression? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LicenceExpression);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The canonical text: canonical identifiers, upper-case operators, no needless parentheses.</summary>
    public abstract override string ToString();
}
