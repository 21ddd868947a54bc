using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Schemas;

/// <summary>How records of one schema become records of another: steps in order, nothing but data. <see cref="MigrationPlan"/> applies it.</summary>
/// <remarks>Immutable; safe for concurrent use. The format is <c>openledger-migration/1</c>, canonical JSON.</remarks>
public sealed class SchemaMigration
{
    /// <summary>Most steps.</summary>
    public const int MaxSteps = 256;

    private const string Format = "openledger-migration/1";
    private const int MaxLength = 1 << 20;

    private readonly byte[] _document;

    /// <summary>Creates a migration.</summary>
    /// <param name="from">The digest of the old schema.</param>
    /// <param name="to">The digest of the new schema; another one.</param>
    /// <param name="steps">At most <see cref="MaxSteps"/>; none when the new schema accepts the old records. Copied.</param>
    /// <exception cref="ArgumentException">The digests are equal, or the steps are too many or too deep.</exception>
    public SchemaMigration(Sha256Digest from, Sha256Digest to, params IEnumerable<MigrationStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        MigrationStep[] copy = [.. steps];
        if (from == to)
        {
            throw new ArgumentException("A migration leads from one schema to another; these digests are equal.", nameof(to));
        }

        if (copy.Length > MaxSteps || copy.Any(static step => step is null))
        {
            throw new ArgumentException($"A migration has at most {MaxSteps} steps, not {copy.Length}, and none of them null.", nameof(steps));
        }

        From = from;
        To = to;
        Steps = Array.AsReadOnly(copy);
        try
        {
            _document = CanonicalJson.Serialize(new JsonObject
            {
                ["format"] = Format,
                ["from"] = from.ToString(),
                ["to"] = to.ToString(),
                ["steps"] = new JsonArray([.. copy.Select(static step => step.ToDocument())]),
            });
        }
        catch (DatanetException exception) // a default value nested close to the limit, or half a surrogate pair
        {
            throw new ArgumentException($"A step has no canonical form: {exception.Message}", nameof(steps), exception);
        }

        Digest = Sha256Digest.Of(_document);
    }

    /// <summary>The digest of the old schema.</summary>
    public Sha256Digest From { get; }

    /// <summary>The digest of the new schema.</summary>
    public Sha256Digest To { get; }

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<MigrationStep> Steps { get; }

    /// <summary>The migration as canonical JSON, UTF-8; <see cref="Parse"/> reads it back.</summary>
    public ReadOnlyMemory<byte> Document => _document;

    /// <summary>SHA-256 of <see cref="Document"/>.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>Reads a migration document.</summary>
    /// <param name="document">JSON as <see cref="Document"/> holds it, in any spelling; at most 1 MiB.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/>, <see cref="DatanetError.LimitExceeded"/> or
    /// <see cref="DatanetError.InvalidMigration"/>.
    /// </exception>
    public static SchemaMigration Parse(ReadOnlySpan<byte> document)
    {
        if (document.Length > MaxLength)
        {
            throw new DatanetException(
                DatanetError.LimitExceeded, $"The migration document has {document.Length} bytes; at most {MaxLength} are allowed.");
        }

        JsonElement element = CanonicalJson.Parse(CanonicalJson.Canonicalize(document));
        DocumentObject root = new(element, "$", DatanetError.InvalidMigration);
        root.AllowOnly("format", "from", "steps", "to");
        if (root.Text("format") != Format)
        {
            throw root.Fault("format", $"is '{root.Text("format")}'; this version reads '{Format}'");
        }

        try
        {
            return new SchemaMigration(root.Digest("from"), root.Digest("to"), root.Objects("steps").Select(ReadStep));
        }
        catch (ArgumentException exception)
        {
            throw new DatanetException(DatanetError.InvalidMigration, $"The migration document is not legal: {exception.Message}", exception);
        }
    }

    private static MigrationStep ReadStep(DocumentObject step)
    {
        string path = step.Text("path");
        string? variant = step.Has("variant") ? step.Text("variant") : null;
        switch (step.Text("do"))
        {
            case "rename":
                step.AllowOnly("do", "path", "to", "variant");
                return new RenameField(path, step.Text("to")) { Variant = variant };
            case "add":
                step.AllowOnly("do", "path", "value", "variant");
                return new AddField(path, step.Node("value") ?? throw step.Fault("value", "is null, which no field can hold")) { Variant = variant };
            case "drop":
                step.AllowOnly("do", "path", "variant");
                return new DropField(path) { Variant = variant };
            case "convert":
                step.AllowOnly("as", "do", "path", "variant");
                return new ConvertField(path, ConvertField.Find(step.Text("as")) ?? throw step.Fault("as", $"is '{step.Text("as")}', no known conversion")) { Variant = variant };
            case "map":
                step.AllowOnly("do", "path", "values", "variant");
                return new MapValues(path, step.Object("values").TextMembers()) { Variant = variant };
            default:
                throw step.Fault("do", $"is '{step.Text("do")}'; expected rename, add, drop, convert or map");
        }
    }
}
