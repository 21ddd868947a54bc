using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Validation;

/// <summary>Writes and reads stored reports of batches.</summary>
internal static class ValidationReportDocument
{
    public const string Format = "openledger-validation-report/1";
    private const int MaxLength = 64 << 20;

    public static JsonObject Describe(ValidationReport report) => new()
    {
        ["accepted"] = report.Accepted,
        ["format"] = Format,
        ["listed"] = new JsonArray([.. report.Listed.Select(one => (JsonNode)RecordReportDocument.Describe(one))]),
        ["meanScore"] = report.MeanScore,
        ["profile"] = report.Profile.ToString(),
        ["profileName"] = report.ProfileName,
        ["rejected"] = report.Rejected,
        ["review"] = report.ToReview,
        ["rules"] = new JsonArray([.. report.Rules.Select(rule => (JsonNode)Describe(rule))]),
        ["success"] = report.IsSuccess,
    };

    public static ValidationReport Parse(ReadOnlySpan<byte> document)
    {
        DocumentObject root = RecordReportDocument.Root(document, MaxLength);
        root.AllowOnly("accepted", "format", "listed", "meanScore", "profile", "profileName", "rejected", "review", "rules", "success");
        if (root.Text("format") is not Format and string format)
        {
            throw root.Fault("format", $"is '{Excerpt.Of(format)}'; this version reads '{Format}'");
        }

        const long Limit = 1L << 53; // three of these still fit a 64-bit integer
        long[] counts = [RecordReportDocument.Count(root, "accepted"), RecordReportDocument.Count(root, "review"), RecordReportDocument.Count(root, "rejected")];
        if (counts.Any(count => count > Limit))
        {
            throw root.Fault("accepted, review or rejected", $"is above {Limit}");
        }

        ValidationReport report = new(
            RecordReportDocument.Code(root, "profileName"),
            root.Digest("profile"),
            counts[0],
            counts[1],
            counts[2],
            RecordReportDocument.Fraction(root, "meanScore"),
            [.. root.Objects("rules").Select(ReadRule)],
            [.. root.Objects("listed").Select(RecordReportDocument.Read)]);
        if (report.Rules.Any(rule => rule.Evaluated != report.Evaluated))
        {
            throw root.Fault("rules", "holds a rule with another number of records than the report");
        }

        if (report.IsSuccess != root.Boolean("success"))
        {
            throw root.Fault("success", "contradicts the statistics of the rules");
        }

        if (report.Listed.Any(one => one.Profile != report.Profile))
        {
            throw root.Fault("listed", "holds a report of another profile");
        }

        return report;
    }

    private static JsonObject Describe(RuleStatistics rule)
    {
        JsonObject codes = [];
        foreach ((string code, long records) in rule.RecordsByCode)
        {
            codes[code] = records;
        }

        // The percentage is written for people; a reader computes it again.
        return new JsonObject
        {
            ["codes"] = codes,
            ["evaluated"] = rule.Evaluated,
            ["mostly"] = rule.Mostly,
            ["rule"] = rule.Rule,
            ["successPercent"] = Math.Round(rule.SuccessPercent, 4, MidpointRounding.AwayFromZero),
            ["successful"] = rule.Successful,
        };
    }

    private static RuleStatistics ReadRule(DocumentObject rule)
    {
        rule.AllowOnly("codes", "evaluated", "mostly", "rule", "successPercent", "successful");
        _ = rule.Double("successPercent");
        long evaluated = RecordReportDocument.Count(rule, "evaluated");
        long successful = RecordReportDocument.Count(rule, "successful");
        if (successful > evaluated)
        {
            throw rule.Fault("successful", "is more than was evaluated");
        }

        SortedDictionary<string, long> codes = new(StringComparer.Ordinal);
        DocumentObject counts = rule.Object("codes");
        foreach (string code in counts.Names())
        {
            if (!ReasonCode.IsLegal(code))
            {
                throw rule.Fault("codes", "holds a name that is not a code");
            }

            codes.Add(code, RecordReportDocument.Count(counts, code));
        }

        return new RuleStatistics(
            RecordReportDocument.Code(rule, "rule"), RecordReportDocument.Fraction(rule, "mostly"), evaluated, successful, codes);
    }
}
