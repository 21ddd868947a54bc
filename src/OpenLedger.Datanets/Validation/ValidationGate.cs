using System.Buffers.Binary;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Validation;

/// <summary>Refuses records that a profile rejects, and keeps the report of those that are accepted.</summary>
/// <remarks>Reports are items of the store, dropped when their record is erased, since they may quote it. Safe for concurrent use.</remarks>
public sealed class ValidationGate : SubmissionGate
{
    private const string Collection = "validation/reports";
    private readonly RecordValidator _validator;

    /// <summary>Creates a gate.</summary>
    /// <param name="validator">Judges each record.</param>
    public ValidationGate(RecordValidator validator)
    {
        ArgumentNullException.ThrowIfNull(validator);
        _validator = validator;
    }

    /// <summary>Reads the report of an accepted record.</summary>
    /// <param name="store">The store of the datanet.</param>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="position">The record's leaf index.</param>
    /// <returns>The report, or <see langword="null"/> when the record was accepted without this gate or erased.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.StoreCorrupt"/>: the report cannot be read; or a fault of the store.</exception>
    public static RecordReport? FindReport(IDatanetStore store, string datanetId, long position)
    {
        ArgumentNullException.ThrowIfNull(store);
        byte[]? document = store.Read(reader => reader.FindItem(datanetId, Collection, Key(position)));
        try
        {
            return document is null ? null : RecordReport.Parse(document);
        }
        catch (DatanetException exception)
        {
            throw new DatanetException(
                DatanetError.StoreCorrupt, $"The validation report of record {position} of '{datanetId}' cannot be read; restore the store from a copy.", exception);
        }
    }

    /// <inheritdoc/>
    public override object Prepare(DatanetRecord record, ContributionStatement statement) => _validator.Validate(record);

    /// <inheritdoc/>
    public override GateRefusal? Examine(GateSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        RecordReport report = Report(submission);
        if (report.Verdict != RecordVerdict.Reject)
        {
            return null;
        }

        RuleFinding worst = report.Findings.First(finding => finding.Severity == report.Findings.Max(other => other.Severity));
        string rest = report.Findings.Count == 1 ? "" : $" (and {report.Findings.Count - 1} more)";
        return new GateRefusal(worst.Code, $"{worst.Path}: {worst.Message}{rest}");
    }

    /// <inheritdoc/>
    public override void Accepted(GateSubmission submission, long position)
    {
        ArgumentNullException.ThrowIfNull(submission);
        submission.Writer.PutItem(submission.DatanetId, Collection, Key(position), Report(submission).ToDocument());
    }

    /// <inheritdoc/>
    public override void Erased(string datanetId, long position, RecordDigest digest, IDatanetWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Forget(writer, datanetId, position);
    }

    /// <summary>Removes the report of a record, also when the datanet was opened without this gate.</summary>
    internal static void Forget(IItemWriter writer, string datanetId, long position) => writer.RemoveItem(datanetId, Collection, Key(position));

    private static RecordReport Report(GateSubmission submission) =>
        submission.Prepared as RecordReport ?? throw new InvalidOperationException("The submission was not prepared by this gate.");

    private static byte[] Key(long position)
    {
        byte[] key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, position);
        return key;
    }
}
