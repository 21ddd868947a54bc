using System.Globalization;
using System.Text.Json;
using OpenLedger.Datanets.Privacy;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Privacy;

/// <summary>Precision and recall on the 100 labelled sentences of presidio-research.</summary>
public class PresidioResearchTests(ITestOutputHelper output)
{
    // The set's names for what the package finds; the others are out of reach of rules and counted all the same.
    private static readonly Dictionary<string, string> Names = new()
    {
        ["EMAIL"] = "EMAIL_ADDRESS",
        ["PHONE"] = "PHONE_NUMBER",
        ["URL"] = "DOMAIN_NAME",
        ["DATE_OF_BIRTH"] = "DATE_TIME",
        ["DRIVER_LICENSE"] = "US_DRIVER_LICENSE",
        ["POSTAL_CODE"] = "ADDRESS",
        ["STREET_ADDRESS"] = "ADDRESS",
    };

    private sealed record Expected(int Start, int End, string Entity);

    private sealed record Row(int True, int Found, int Truth)
    {
        public double Precision => Found == 0 ? 1 : (double)True / Found;

        public double Recall => Truth == 0 ? 1 : (double)True / Truth;

        public double F(double beta) => True == 0 ? 0
            : (1 + (beta * beta)) * Precision * Recall / ((beta * beta * Precision) + Recall);
    }

    [Fact]
    public void Scan_DefaultRecognizers_FindsStructuredEntities()
    {
        Dictionary<string, Row> rows = Measure(new PersonalDataScanner(), "default, threshold 0.5");
        foreach (string entity in (string[])["EMAIL_ADDRESS", "CREDIT_CARD", "US_SSN", "IP_ADDRESS", "PHONE_NUMBER", "US_DRIVER_LICENSE"])
        {
            Assert.Equal((1.0, 1.0), (rows[entity].Precision, rows[entity].Recall));
        }

        Row structured = Sum(rows, ["EMAIL_ADDRESS", "CREDIT_CARD", "US_SSN", "IP_ADDRESS", "PHONE_NUMBER", "US_DRIVER_LICENSE"]);
        Assert.Equal(28, structured.Truth);
        Row all = Sum(rows, rows.Keys);
        Assert.True(all.Precision >= 0.97, $"precision {all.Precision}");
    }

    [Fact]
    public void Scan_LowThresholdAndNames_FindsMore()
    {
        PersonalDataScanner scanner = new(new PersonalDataScannerOptions
        {
            Recognizers = [.. PersonalDataRecognizers.Default, .. PersonalDataRecognizers.Names],
            Threshold = 0.3,
        });
        Dictionary<string, Row> rows = Measure(scanner, "default and names, threshold 0.3");
        Assert.Equal((1.0, 1.0), (rows["DOMAIN_NAME"].Precision, rows["DOMAIN_NAME"].Recall));
        Assert.True(rows["PERSON"].Precision >= 0.9);
        Assert.True(rows["PERSON"].Recall >= 0.2);
    }

    private static Row Sum(Dictionary<string, Row> rows, IEnumerable<string> names) =>
        names.Select(name => rows[name]).Aggregate((a, b) => new Row(a.True + b.True, a.Found + b.Found, a.Truth + b.Truth));

    private Dictionary<string, Row> Measure(PersonalDataScanner scanner, string title)
    {
        using JsonDocument set = JsonDocument.Parse(File.ReadAllBytes(RealData.Require("corpora/pii/presidio_small.json")));
        Dictionary<string, Row> rows = [];
        foreach (JsonElement sentence in set.RootElement.EnumerateArray())
        {
            string text = sentence.GetProperty("full_text").GetString()!;
            List<Expected> truth =
            [
                .. sentence.GetProperty("spans").EnumerateArray().Select(span => new Expected(
                    span.GetProperty("start_position").GetInt32(),
                    span.GetProperty("end_position").GetInt32(),
                    span.GetProperty("entity_type").GetString()!)),
            ];
            List<Expected> found =
            [
                .. scanner.Scan(text).Select(span => new Expected(
                    span.Start, span.End, Names.GetValueOrDefault(span.Entity.Name, span.Entity.Name))),
            ];
            foreach (string entity in truth.Concat(found).Select(span => span.Entity).Distinct())
            {
                Row row = rows.GetValueOrDefault(entity, new Row(0, 0, 0));
                int hits = truth.Count(span => span.Entity == entity && found.Contains(span));
                rows[entity] = new Row(
                    row.True + hits, row.Found + found.Count(span => span.Entity == entity), row.Truth + truth.Count(span => span.Entity == entity));
            }

            foreach (Expected wrong in found.Except(truth))
            {
                output.WriteLine($"not labelled: {wrong.Entity} '{text[wrong.Start..wrong.End]}' in '{text.ReplaceLineEndings(" ")}'");
            }

            foreach (Expected missed in truth.Except(found).Where(span => span.Entity is not ("PERSON" or "ADDRESS" or "LOCATION" or "ORGANIZATION")))
            {
                output.WriteLine($"missed: {missed.Entity} '{text[missed.Start..missed.End]}' in '{text.ReplaceLineEndings(" ")}'");
            }
        }

        Assert.Equal(173, rows.Values.Sum(row => row.Truth));
        output.WriteLine($"{title}\n{"entity",-18} truth found precision recall    F1    F2");
        foreach ((string name, Row row) in rows.OrderByDescending(entry => entry.Value.Truth).Append(new("total", Sum(rows, rows.Keys))))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-18} {row.Truth,5} {row.Found,5} {row.Precision,9:F3} {row.Recall,6:F3} {row.F(1),5:F3} {row.F(2),5:F3}"));
        }

        return rows;
    }
}
