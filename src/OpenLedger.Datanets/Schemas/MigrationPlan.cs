using System.Text.Json.Nodes;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Schemas;

/// <summary>A migration together with the two schemas it connects, ready to carry records over.</summary>
/// <remarks>Immutable; safe for concurrent use. Applying is a pure function: everyone gets the same new record from the same old one.</remarks>
public sealed class MigrationPlan
{
    private readonly DatanetSchema _from;
    private readonly DatanetSchema _to;

    /// <summary>Creates a plan.</summary>
    /// <param name="from">The old schema.</param>
    /// <param name="to">The new schema.</param>
    /// <param name="migration">The steps from the one to the other.</param>
    /// <exception cref="ArgumentException">The digests of the schemas are not those of the migration, or a step names a variant that the old schema lacks.</exception>
    public MigrationPlan(DatanetSchema from, DatanetSchema to, SchemaMigration migration)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(migration);
        if (migration.From != from.Digest || migration.To != to.Digest)
        {
            throw new ArgumentException(
                $"The migration leads from {migration.From} to {migration.To}, not from {from.Digest} to {to.Digest}.", nameof(migration));
        }

        if (migration.Steps.FirstOrDefault(step => step.Variant is string name && from.Variants.All(variant => variant.Name != name)) is MigrationStep lost)
        {
            throw new ArgumentException($"A step names the variant '{lost.Variant}', which the old schema does not have.", nameof(migration));
        }

        _from = from;
        _to = to;
        Migration = migration;
    }

    /// <summary>The migration.</summary>
    public SchemaMigration Migration { get; }

    /// <summary>Compares two schemas, before a migration is written.</summary>
    /// <param name="from">The old schema.</param>
    /// <param name="to">The new schema.</param>
    /// <returns>
    /// Every difference. When all are <see cref="ChangeImpact.Compatible"/>, or there is none, every record of the old schema is one of the
    /// new schema as it is.
    /// </returns>
    public static IReadOnlyList<SchemaChange> Check(DatanetSchema from, DatanetSchema to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return SchemaComparison.Compare(from, to);
    }

    /// <summary>Carries a record over.</summary>
    /// <param name="record">A record of the old schema; with a salt when either schema has private fields.</param>
    /// <returns>A record of the new schema; the given one when nothing changed.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.MigrationFailed"/>: the record does not fit the old schema, a step cannot be done, or the result does not fit
    /// the new schema; the message names the field. <see cref="DatanetError.LimitExceeded"/>: the result is too long.
    /// </exception>
    public DatanetRecord Apply(DatanetRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        JsonObject payload = JsonObject.Create(record.Element)!;
        JsonNode? salt = payload[RecordSalt.MemberName];
        payload.Remove(RecordSalt.MemberName);
        RecordVariant variant = FindVariant(record, payload, salt);
        foreach (MigrationStep step in Migration.Steps.Where(step => step.Variant is null || step.Variant == variant.Name))
        {
            if (step.Apply(payload) is string problem)
            {
                throw Failed(record, $"'{step.Kind}' at {step.Path}: {problem}");
            }
        }

        if (_to.HasPrivateFields && salt is not null)
        {
            payload[RecordSalt.MemberName] = salt.DeepClone();
        }

        DatanetRecord result = DatanetRecord.FromObject(payload, record.SourcePosition);
        IReadOnlyList<SchemaFault> faults = _to.Validate(result.Element);
        if (faults.Count == 0)
        {
            return result;
        }

        // The variant of the same name is the one that was meant, even where another one is closer.
        IReadOnlyList<SchemaFault>? meant = _to.Variants.FirstOrDefault(other => other.Name == variant.Name)?.Validate(result.Element, _to.HasPrivateFields).Faults;
        throw Failed(record, $"the result does not fit '{_to.Name}': {Telling(meant is { Count: > 0 } ? meant : faults)}");
    }

    private RecordVariant FindVariant(DatanetRecord record, JsonObject payload, JsonNode? salt)
    {
        // A salt that only the new schema wants is put on beforehand, since nobody could draw it here and get the same record again.
        DatanetRecord old = _from.HasPrivateFields || salt is null ? record : DatanetRecord.FromObject(payload);
        return _from.FindVariant(old.Element)
            ?? throw Failed(record, $"it does not fit the old schema '{_from.Name}': {Telling(_from.Validate(old.Element))}");
    }

    /// <summary>The first fault that names a field, since the general ones say only that no variant fits.</summary>
    private static SchemaFault Telling(IReadOnlyList<SchemaFault> faults) => faults.FirstOrDefault(static fault => fault.Path != "$") ?? faults[0];

    private static DatanetException Failed(DatanetRecord record, string problem) =>
        new(DatanetError.MigrationFailed, $"The record {record} cannot be carried over: {problem}.");
}
