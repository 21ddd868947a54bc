using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Manifests;

/// <summary>The description of a dataset in MLCommons Croissant, a vocabulary of JSON-LD on top of schema.org.</summary>
/// <remarks>
/// Versions 1.0 and 1.1 are read (<c>conformsTo</c> says which), 1.1 is written. Every member that has no property here is kept in an
/// <c>Extra</c> and written back, so that reading and writing loses nothing but the spelling of prefixes and of lists with one item.
/// Reading does not resolve contexts: prefixes other than those Croissant prescribes are taken as they stand. Immutable apart from the
/// nodes in <c>Extra</c>, which belong to the caller.
/// </remarks>
public sealed record CroissantDataset
{
    /// <summary>Longest document in bytes.</summary>
    public const int MaxLength = 16 << 20;

    /// <summary>The name of the dataset.</summary>
    public string? Name { get; init; }

    /// <summary>What it is.</summary>
    public string? Description { get; init; }

    /// <summary>The specifications the document follows, usually one URL.</summary>
    public IReadOnlyList<string> ConformsTo { get; init; } = [CroissantTerms.Version11];

    /// <summary>Licences, each a URL or an identifier.</summary>
    public IReadOnlyList<string> Licenses { get; init; } = [];

    /// <summary>The page of the dataset.</summary>
    public string? Url { get; init; }

    /// <summary>Who made it.</summary>
    public IReadOnlyList<CroissantAgent> Creators { get; init; } = [];

    /// <summary>Who publishes it.</summary>
    public IReadOnlyList<CroissantAgent> Publishers { get; init; } = [];

    /// <summary>When it was published, as written, for example <c>2030-01-31</c>.</summary>
    public string? DatePublished { get; init; }

    /// <summary>Its version.</summary>
    public string? Version { get; init; }

    /// <summary>Keywords.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>Languages, as BCP 47 tags.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Other places of the same dataset.</summary>
    public IReadOnlyList<string> SameAs { get; init; } = [];

    /// <summary>How to cite it.</summary>
    public string? CiteAs { get; init; }

    /// <summary>Whether it still grows; <see langword="null"/> when the document does not say.</summary>
    public bool? IsLiveDataset { get; init; }

    /// <summary>Conditions of use: DUO codes or <c>odrl:Offer</c> objects, as written.</summary>
    public IReadOnlyList<JsonNode> UsageInfo { get; init; } = [];

    /// <summary>Ids or URLs of the datasets it derives from, <c>prov:wasDerivedFrom</c>.</summary>
    public IReadOnlyList<string> DerivedFrom { get; init; } = [];

    /// <summary>
    /// What the Responsible AI vocabulary says, by member without its prefix, for example <c>dataCollection</c>; each with one or more texts.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ResponsibleAi { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The files.</summary>
    public IReadOnlyList<CroissantResource> Distribution { get; init; } = [];

    /// <summary>The records.</summary>
    public IReadOnlyList<CroissantRecordSet> RecordSets { get; init; } = [];

    /// <summary>Members this package has no property for; kept and written back.</summary>
    public JsonObject Extra { get; init; } = [];

    /// <summary>Reads a document.</summary>
    /// <param name="json">JSON-LD, UTF-8, at most <see cref="MaxLength"/> bytes.</param>
    /// <returns>What the document says, whether or not it is complete; <see cref="FindIssues"/> judges it.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidManifest"/>: not a dataset, or a member has the wrong kind of value; <see cref="DatanetError.InvalidJson"/>,
    /// <see cref="DatanetError.InvalidUtf8"/> or <see cref="DatanetError.LimitExceeded"/>.
    /// </exception>
    public static CroissantDataset Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxLength)
        {
            throw new DatanetException(DatanetError.LimitExceeded, $"The Croissant document has {json.Length} bytes; at most {MaxLength} are allowed.");
        }

        return CroissantReader.Read(CanonicalJson.Parse(json));
    }

    /// <summary>Writes the document as JSON-LD, UTF-8, indented, in a fixed order of members.</summary>
    public byte[] ToJson() => CroissantWriter.Write(this);

    /// <summary>Checks the document against the specification: required members, unique ids, references that lead somewhere, safe paths.</summary>
    /// <returns>Every issue found, in the order of the document; empty when there is none.</returns>
    public IReadOnlyList<CroissantIssue> FindIssues() => CroissantCheck.Run(this);
}
