using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Schemas;

/// <summary>What the records of a datanet look like: one or more variants, exactly one of which a record must fit.</summary>
/// <remarks>Immutable; safe for concurrent use. Two schemas are the same when their <see cref="Digest"/>s are.</remarks>
public sealed partial class DatanetSchema
{
    /// <summary>Most variants of one schema.</summary>
    public const int MaxVariants = 64;

    /// <summary>Deepest nesting of lists and objects in one field.</summary>
    public const int MaxFieldDepth = 16;

    /// <summary>Most faults reported for one record, before a final <see cref="SchemaFaultCode.TooManyFaults"/>.</summary>
    public const int MaxFaults = 100;

    private readonly byte[] _document;

    /// <summary>Creates a schema.</summary>
    /// <param name="name">1 to 100 characters.</param>
    /// <param name="variants">1 to <see cref="MaxVariants"/> variants with distinct names; copied.</param>
    /// <exception cref="ArgumentException">A name is not legal or repeated, or the number of variants or their depth is out of range.</exception>
    public DatanetSchema(string name, params IEnumerable<RecordVariant> variants)
    {
        SchemaName.ThrowIfInvalid(name, nameof(name));
        ArgumentNullException.ThrowIfNull(variants);
        RecordVariant[] copy = [.. variants];
        if (copy.Length is 0 or > MaxVariants)
        {
            throw new ArgumentException($"A schema has 1 to {MaxVariants} variants, not {copy.Length}.", nameof(variants));
        }

        if (copy.Select(variant => variant.Name).Distinct(StringComparer.Ordinal).Count() != copy.Length)
        {
            throw new ArgumentException("Two variants have one name; name each differently.", nameof(variants));
        }

        if (copy.Any(variant => variant.Depth > MaxFieldDepth))
        {
            throw new ArgumentException($"A field nests lists and objects deeper than {MaxFieldDepth}.", nameof(variants));
        }

        Name = name;
        Variants = Array.AsReadOnly(copy);
        HasPrivateFields = copy.Any(variant => variant.HasPrivateFields);
        _document = CanonicalJson.Serialize(new JsonObject
        {
            ["format"] = SchemaDocument.Format,
            ["name"] = Name,
            ["variants"] = new JsonArray([.. Variants.Select(variant => variant.ToDocument())]),
        });
        Digest = Sha256Digest.Of(_document);
    }

    /// <summary>The name for people.</summary>
    public string Name { get; }

    /// <summary>The variants in the order given.</summary>
    public IReadOnlyList<RecordVariant> Variants { get; }

    /// <summary>
    /// Whether a field of any variant, at any depth, is private. Then every record carries a salt, whatever its variant: see
    /// <see cref="RecordSalt"/>.
    /// </summary>
    public bool HasPrivateFields { get; }

    /// <summary>SHA-256 of <see cref="Document"/>.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>The schema as canonical JSON, UTF-8; <see cref="Parse"/> reads it back.</summary>
    public ReadOnlyMemory<byte> Document => _document;

    /// <summary>Reads a schema document.</summary>
    /// <param name="document">JSON as <see cref="Document"/> holds it, in any spelling; at most 1 MiB.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/>, <see cref="DatanetError.LimitExceeded"/> or
    /// <see cref="DatanetError.InvalidSchema"/>.
    /// </exception>
    public static DatanetSchema Parse(ReadOnlySpan<byte> document) => SchemaDocument.Parse(document);

    /// <summary>Checks a record against the schema.</summary>
    /// <param name="record">The payload.</param>
    /// <returns>
    /// Every fault, at most <see cref="MaxFaults"/>; none when the record fits exactly one variant. When a schema of several variants
    /// fits none, the first fault says so and the faults of the variant with the fewest follow.
    /// </returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.InvalidJson"/>: a text holds half a surrogate pair.</exception>
    public IReadOnlyList<SchemaFault> Validate(JsonElement record)
    {
        _ = Match(record, out IReadOnlyList<SchemaFault> faults);
        return faults;
    }

    /// <summary>Finds the variant a record fits.</summary>
    /// <param name="record">The payload.</param>
    /// <returns>The variant, or <see langword="null"/> when not exactly one fits.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.InvalidJson"/>: a text holds half a surrogate pair.</exception>
    public RecordVariant? FindVariant(JsonElement record) => Match(record, out _);

    private RecordVariant? Match(JsonElement record, out IReadOnlyList<SchemaFault> faults)
    {
        FaultList general = new();
        if (record.ValueKind != JsonValueKind.Object)
        {
            general.Add(SchemaFaultCode.NotAnObject, "$", record, "a JSON object");
            faults = general.Faults;
            return null;
        }

        try
        {
            return MatchObject(record, general, out faults);
        }
        catch (InvalidOperationException exception) // a member name spelled with half a surrogate pair
        {
            throw new DatanetException(DatanetError.InvalidJson, "A member name holds half a surrogate pair.", exception);
        }
    }

    private RecordVariant? MatchObject(JsonElement record, FaultList general, out IReadOnlyList<SchemaFault> faults)
    {
        List<RecordVariant> matches = [];
        FaultList? fewest = null;
        RecordVariant closest = Variants[0];
        foreach (RecordVariant variant in Variants)
        {
            FaultList found = variant.Validate(record, HasPrivateFields);
            if (found.Count == 0)
            {
                matches.Add(variant);
            }
            else if (fewest is null || found.Count < fewest.Count)
            {
                fewest = found;
                closest = variant;
            }
        }

        if (matches.Count == 1)
        {
            faults = [];
            return matches[0];
        }

        if (matches.Count > 1)
        {
            general.Add(SchemaFaultCode.SeveralVariantsMatch, "$", string.Join(", ", matches.Select(v => $"'{v.Name}'")), "one variant to fit");
            faults = general.Faults;
        }
        else if (Variants.Count == 1)
        {
            faults = fewest!.Faults;
        }
        else
        {
            general.Add(
                SchemaFaultCode.NoVariantMatches,
                "$",
                $"closest is '{closest.Name}'",
                "one of the variants " + string.Join(", ", Variants.Select(v => $"'{v.Name}'")));
            faults = [.. general.Faults, .. fewest!.Faults];
        }

        return null;
    }
}
