using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation;

/// <summary>One rule that a record is held against.</summary>
/// <remarks>
/// Implementations are immutable and safe for concurrent use, take time linear in the record, and answer the same for the same record:
/// no clock, no randomness, no network. A model behind a rule answers for its own determinism through its name and version.
/// </remarks>
public interface IRecordRule
{
    /// <summary>Every reason code the rule may raise: lower-case ASCII letters, digits and underscores; stable, since reports hold them.</summary>
    IReadOnlyList<string> Codes { get; }

    /// <summary>The rule and all its settings, with its name under <c>rule</c>; the digest of a profile is made of these.</summary>
    /// <returns>A new object that the caller may keep.</returns>
    JsonObject Describe();

    /// <summary>Examines one record.</summary>
    /// <param name="record">The record's texts.</param>
    /// <param name="findings">Takes what is wrong; nothing is added when all is well.</param>
    void Examine(ExaminedRecord record, FindingCollector findings);
}
