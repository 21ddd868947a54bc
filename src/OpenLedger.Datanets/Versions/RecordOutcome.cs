using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Datanets.Versions;

/// <summary>What a datanet decided about one record of a contribution.</summary>
public sealed class RecordOutcome
{
    internal RecordOutcome(DatanetRecord record, long leafIndex)
    {
        Record = record;
        LeafIndex = leafIndex;
        Message = "Accepted.";
    }

    internal RecordOutcome(
        DatanetRecord record, RefusalReason reason, string message, IReadOnlyList<SchemaFault>? faults = null, EarlierRecord? earlier = null)
    {
        Record = record;
        Reason = reason;
        Faults = faults ?? [];
        Earlier = earlier;
        Message = record.SourcePosition is null ? message : $"{record.SourcePosition}: {message}";
    }

    internal RecordOutcome(DatanetRecord record, GateRefusal refusal)
        : this(record, RefusalReason.RefusedByGate, refusal.Message, earlier: refusal.Earlier) => GateCode = refusal.Code;

    /// <summary>The record.</summary>
    public DatanetRecord Record { get; }

    /// <summary>Whether the record is now part of the datanet, to be committed with the next version.</summary>
    public bool IsAccepted => Reason is null;

    /// <summary>Why the record was refused; <see langword="null"/> when it was accepted.</summary>
    public RefusalReason? Reason { get; }

    /// <summary>The code of the gate that refused the record; <see langword="null"/> unless one did.</summary>
    public string? GateCode { get; }

    /// <summary>The position the record got; <see langword="null"/> when it was refused.</summary>
    public long? LeafIndex { get; }

    /// <summary>Every way in which the record does not fit the schema.</summary>
    public IReadOnlyList<SchemaFault> Faults { get; } = [];

    /// <summary>The record that was there first; <see langword="null"/> unless the refusal is about one.</summary>
    public EarlierRecord? Earlier { get; }

    /// <summary>One line for people, beginning with the source position where one is known.</summary>
    public string Message { get; }
}
