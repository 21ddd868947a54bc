using System.Text.Json.Nodes;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Validation;

namespace OpenLedger.Datanets.Tests.Validation;

/// <summary>Runs one rule over one record.</summary>
internal static class RuleTesting
{
    public static RecordReport Validate(IRecordRule rule, DatanetRecord record) =>
        new RecordValidator(ValidationProfile.Custom("test").Add(rule).Build()).Validate(record);

    public static RecordReport Validate(IRecordRule rule, string text) => Validate(rule, Record(("text", text)));

    public static DatanetRecord Record(params (string Name, string Value)[] members) =>
        DatanetRecord.FromObject(new JsonObject(members.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)JsonValue.Create(m.Value)))));

    /// <summary>The codes found, without the informative ones, in the order of the rules.</summary>
    public static string[] Codes(IRecordRule rule, string text) => Codes(Validate(rule, text));

    public static string[] Codes(RecordReport report) =>
        [.. report.Findings.Where(f => f.Severity > RuleSeverity.Info).Select(f => f.Code).Distinct()];
}
