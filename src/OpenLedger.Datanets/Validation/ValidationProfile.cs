using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Validation;

/// <summary>A named list of configured rules. Immutable; safe for concurrent use.</summary>
/// <remarks>
/// <see cref="Digest"/> covers the name, every rule with every setting, the severities, the tolerances, the fields and the score
/// formula, so that a stored report names exactly what it was made with.
/// </remarks>
public sealed class ValidationProfile
{
    internal const string Format = "openledger-validation-profile/1";

    private readonly byte[] _document;

    internal ValidationProfile(string name, IEnumerable<ProfileRule> rules, RecordFields fields, ScoreOptions scoring)
    {
        Name = name;
        Rules = [.. rules];
        Fields = fields;
        Scoring = scoring;
        JsonObject document = new()
        {
            ["fields"] = fields.Describe(),
            ["format"] = Format,
            ["name"] = name,
            ["rules"] = new JsonArray([.. Rules.Select(rule => (JsonNode)rule.Describe())]),
            ["scoring"] = scoring.Describe(),
        };
        _document = CanonicalJson.Serialize(document);
        Digest = Sha256Digest.Of(_document);
    }

    /// <summary>The profile's name.</summary>
    public string Name { get; }

    /// <summary>The rules in the order in which they run.</summary>
    public IReadOnlyList<ProfileRule> Rules { get; }

    /// <summary>Where records keep what the rules ask for.</summary>
    public RecordFields Fields { get; }

    /// <summary>How findings become a score and a verdict.</summary>
    public ScoreOptions Scoring { get; }

    /// <summary>The profile as canonical JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> Document => _document;

    /// <summary>SHA-256 of <see cref="Document"/>.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>Starts a profile of the caller's own.</summary>
    /// <param name="name">1 to 64 lower-case ASCII letters, digits and underscores.</param>
    /// <exception cref="ArgumentException">The name is not of that form.</exception>
    public static ValidationProfileBuilder Custom(string name) => new(name);

    /// <summary>Starts a profile that begins with this one's rules, fields and scoring, for example to add a rule for personal data.</summary>
    /// <param name="name">The new profile's name; see <see cref="Custom"/>.</param>
    /// <exception cref="ArgumentException">The name is not of that form.</exception>
    public ValidationProfileBuilder Extend(string name) => new(name, this);

    /// <summary>The name and the beginning of the digest.</summary>
    public override string ToString() => $"{Name} ({Digest.ToString()[..12]})";
}
