using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Validation;

/// <summary>Writes and reads stored reports of records.</summary>
internal static class RecordReportDocument
{
    public const string Format = "openledger-record-report/1";
    private const int MaxLength = 1 << 20;

    public static JsonObject Describe(RecordReport report) => new()
    {
        ["findings"] = new JsonArray([.. report.Findings.Select(finding => (JsonNode)Describe(finding))]),
        ["format"] = Format,
        ["profile"] = report.Profile.ToString(),
        ["record"] = report.Record.ToString(),
        ["score"] = report.Score,
        ["unlisted"] = report.UnlistedFindings,
        ["verdict"] = SeverityName.Of(report.Verdict),
    };

    public static RecordReport Parse(ReadOnlySpan<byte> document) => Read(Root(document, MaxLength));

    public static DocumentObject Root(ReadOnlySpan<byte> document, int maxLength)
    {
        if (document.Length > maxLength)
        {
            throw new DatanetException(
                DatanetError.LimitExceeded, $"The report has {document.Length} bytes; at most {maxLength} are allowed.");
        }

        // Through the canonical form, so that repeated names and half surrogate pairs are gone before members are read.
        return new DocumentObject(
            CanonicalJson.Parse(CanonicalJson.Canonicalize(document)), "$", DatanetError.InvalidValidationDocument);
    }

    public static RecordReport Read(DocumentObject root)
    {
        root.AllowOnly("findings", "format", "profile", "record", "score", "unlisted", "verdict");
        if (root.Text("format") is not Format and string format)
        {
            throw root.Fault("format", $"is '{Excerpt.Of(format)}'; this version reads '{Format}'");
        }

        double score = Fraction(root, "score");
        long unlisted = Count(root, "unlisted");
        RecordVerdict verdict = SeverityName.ParseVerdict(root.Text("verdict")) ?? throw root.Fault("verdict", "is not accept, review or reject");
        return new RecordReport(
            new RecordDigest(root.Digest("record")), root.Digest("profile"), score, verdict, [.. root.Objects("findings").Select(ReadFinding)], unlisted);
    }

    public static long Count(DocumentObject parent, string name) =>
        parent.Int64(name) is >= 0 and long count ? count : throw parent.Fault(name, "is negative");

    public static double Fraction(DocumentObject parent, string name) =>
        parent.Double(name) is >= 0 and <= 1 and double value ? value : throw parent.Fault(name, "is not from 0 to 1");

    public static string Code(DocumentObject parent, string name) =>
        parent.Text(name) is string code && ReasonCode.IsLegal(code) ? code : throw parent.Fault(name, "is not a code of 1 to 64 of a-z, 0-9 and _");

    private static JsonObject Describe(RuleFinding finding) => new()
    {
        ["code"] = finding.Code,
        ["excerpt"] = finding.Excerpt,
        ["measured"] = finding.Measured,
        ["message"] = finding.Message,
        ["path"] = finding.Path,
        ["severity"] = SeverityName.Of(finding.Severity),
        ["threshold"] = finding.Threshold,
    };

    private static RuleFinding ReadFinding(DocumentObject finding)
    {
        finding.AllowOnly("code", "excerpt", "measured", "message", "path", "severity", "threshold");
        return new RuleFinding(
            Code(finding, "code"),
            SeverityName.Parse(finding.Text("severity")) ?? throw finding.Fault("severity", "is not info, warning or error"),
            finding.Text("path"),
            finding.Text("message"),
            finding.IsNull("measured") ? null : finding.Double("measured"),
            finding.IsNull("threshold") ? null : finding.Double("threshold"),
            finding.IsNull("excerpt") ? null : finding.Text("excerpt"));
    }
}
