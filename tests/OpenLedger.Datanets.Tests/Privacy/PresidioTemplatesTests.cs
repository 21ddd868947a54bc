using System.Globalization;
using System.Text;
using OpenLedger.Datanets.Privacy;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Privacy;

/// <summary>The 210 sentence templates of presidio-research, each filled 20 times with generated values.</summary>
/// <remarks>Values are drawn here, in more formats than the labelled set has; names and places come from short lists.</remarks>
public class PresidioTemplatesTests(ITestOutputHelper output)
{
    private const int Fillings = 20;
    private const int Seed = 20240501;

    private static readonly Dictionary<string, string> Entities = new()
    {
        ["email"] = "EMAIL",
        ["phone_number"] = "PHONE",
        ["credit_card_number"] = "CREDIT_CARD",
        ["iban"] = "IBAN",
        ["ssn"] = "US_SSN",
        ["ip_address"] = "IP_ADDRESS",
        ["us_driver_license"] = "DRIVER_LICENSE",
        ["date_of_birth"] = "DATE_OF_BIRTH",
        ["url"] = "URL",
        ["zipcode"] = "POSTAL_CODE",
    };

    private static readonly string[] FirstNames = ["Anna", "Minh", "José", "Fatima", "Olu", "Jürgen", "Linh", "Peter", "Zoë", "Hiro"];
    private static readonly string[] LastNames = ["Schmidt", "Nguyen", "García", "Okafor", "Smith", "Tran", "Dubois", "Rossi", "Yamada", "Novák"];
    private static readonly string[] Cities = ["Hanoi", "Lyon", "Porto", "Kraków", "Austin", "Osaka", "Accra", "Lima", "Đà Nẵng", "Bern"];
    private static readonly string[] Countries = ["Vietnam", "France", "Ghana", "Peru", "Japan", "Canada"];
    private static readonly string[] Organizations = ["Acme Ltd", "Blue River GmbH", "Nam Long JSC", "Orchard Bank"];

    [Fact]
    public void Scan_FilledTemplates_FindsGeneratedValues()
    {
        string[] templates = File.ReadAllLines(RealData.Require("corpora/pii/templates.txt"));
        Assert.Equal(210, templates.Length);
        PersonalDataScanner scanner = new(new PersonalDataScannerOptions { Threshold = 0.3 });
        PersonalDataScanner strict = new();
        Random random = new(Seed);
        Dictionary<string, int> truth = [], hit = [], wrong = [];
        int shown = 0;
        foreach (string template in templates)
        {
            for (int i = 0; i < Fillings; i++)
            {
                (string text, List<(int Start, int Length, string Entity)> expected) = Fill(template, random);
                List<PersonalDataSpan> found =
                [
                    .. strict.Scan(text).Concat(scanner.Scan(text).Where(span => span.Entity == PersonalDataEntity.Url)),
                ];
                foreach ((int start, int length, string entity) in expected)
                {
                    bool hits = found.Any(span => span.Start == start && span.Length == length && span.Entity.Name == entity);
                    truth[entity] = truth.GetValueOrDefault(entity) + 1;
                    hit[entity] = hit.GetValueOrDefault(entity) + (hits ? 1 : 0);
                    if (!hits && entity is not "DATE_OF_BIRTH" && shown++ < 60)
                    {
                        output.WriteLine($"missed {entity} '{text.Substring(start, length)}' in '{text[..Math.Min(text.Length, 160)].ReplaceLineEndings(" ")}'");
                    }
                }

                foreach (PersonalDataSpan span in found.Where(span => !expected.Contains((span.Start, span.Length, span.Entity.Name))))
                {
                    wrong[span.Entity.Name] = wrong.GetValueOrDefault(span.Entity.Name) + 1;
                    if (shown++ < 60)
                    {
                        output.WriteLine($"wrong {span.Entity} {span.Why} '{text.Substring(span.Start, span.Length)}' in '{text[..Math.Min(text.Length, 160)].ReplaceLineEndings(" ")}'");
                    }
                }
            }
        }

        output.WriteLine("entity           truth  recall precision");
        foreach (string entity in truth.Keys.Union(wrong.Keys).Order(StringComparer.Ordinal))
        {
            int hits = hit.GetValueOrDefault(entity);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{entity,-16} {truth.GetValueOrDefault(entity),5} {(double)hits / Math.Max(1, truth.GetValueOrDefault(entity)),7:F3} {(double)hits / Math.Max(1, hits + wrong.GetValueOrDefault(entity)),9:F3}"));
        }

        foreach (string exact in (string[])["EMAIL", "CREDIT_CARD", "IBAN", "US_SSN", "IP_ADDRESS", "URL"])
        {
            Assert.Equal((exact, truth[exact], 0), (exact, hit[exact], wrong.GetValueOrDefault(exact)));
        }

        Assert.True(hit["PHONE"] >= 0.95 * truth["PHONE"], $"telephone recall {hit["PHONE"]} of {truth["PHONE"]}");
        Assert.True(wrong.Values.Sum() <= 0.01 * hit.Values.Sum(), $"{wrong.Values.Sum()} wrong findings");
    }

    private static (string Text, List<(int Start, int Length, string Entity)> Expected) Fill(string template, Random random)
    {
        StringBuilder text = new();
        List<(int, int, string)> expected = [];
        int position = 0;
        while (true)
        {
            int open = template.IndexOf("{{", position, StringComparison.Ordinal);
            if (open < 0)
            {
                text.Append(template.AsSpan(position).ToString().Replace("\\n", "\n", StringComparison.Ordinal));
                return (text.ToString(), expected);
            }

            text.Append(template[position..open].Replace("\\n", "\n", StringComparison.Ordinal));
            int close = template.IndexOf("}}", open, StringComparison.Ordinal);
            string name = template[(open + 2)..close];
            string value = Value(name, random);
            if (Entities.TryGetValue(name, out string? entity))
            {
                expected.Add((text.Length, value.Length, entity));
            }

            text.Append(value);
            position = close + 2;
        }
    }

    private static string Value(string name, Random random) => name switch
    {
        "email" => Pick(random, [
            $"{Pick(random, FirstNames).ToLowerInvariant()}.{Pick(random, LastNames).ToLowerInvariant()}@{Pick(random, ["gmail.com", "web.de", "vnu.edu.vn", "mail.co.uk"])}",
            $"user+{random.Next(1000)}@sub-{random.Next(9)}.company.io",
            $"{Pick(random, FirstNames)}_{random.Next(100)}@yahoo.com.vn"]),
        "phone_number" => Digits(Pick(random, [
            "(###) ###-####", "2##-3##-####", "2##.4##.####", "+1-###-###-####x###", "001-###-###-####x####", "+44 20 7### ####", "07### ######",
            "+33 1 ## ## ## ##", "06 ## ## ## ##", "+49 30 ########", "030/1######", "0151 2#######", "+84 9## ### ###", "091#######", "090# ### ###",
            "024 38## ####", "(0#) #### ####", "04## ### ###", "### ### ####", "###-####", "+91 98### #####", "+81 3-1###-####", "## ### ## ##",
            "+55 11 9####-####", "+61 4## ### ###", "8## ### ###"]), random),
        "credit_card_number" => Card(random),
        "iban" => Iban(random),
        "ssn" => string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, 665):000}-{random.Next(1, 99):00}-{random.Next(1, 9999):0000}"),
        "ip_address" => random.Next(2) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{random.Next(11, 99)}.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}")
            : string.Create(CultureInfo.InvariantCulture, $"2a00:1450:{random.Next(65536):x}:{random.Next(65536):x}::{random.Next(65536):x}"),
        "us_driver_license" => Digits(Pick(random, ["#########", "A#######", "S##########"]), random),
        "date_of_birth" => Pick(random, [Digits("1#/0#/19##", random).Replace("/0", "/1", StringComparison.Ordinal), "12/27/1986", "1990-01-31", "31.12.1970"]),
        "url" => Pick(random, ["https://www.testsite.org/path/page.html", "http://blog.shop.vn/", "https://a.io/?q=1&r=2"]),
        "zipcode" or "postcode" => Digits("1####", random),
        "age" or "building_number" => Digits("##", random),
        "year" => Digits("19##", random),
        "date_time" => "1998-06-28 14:48:14",
        "city" or "street_name" => Pick(random, Cities),
        "country" or "nationality" or "nation_woman" or "nation_plural" => Pick(random, Countries),
        "organization" => Pick(random, Organizations),
        "job" => "Engineer",
        "state_abbr" => "TX",
        "day_of_week" => "Monday",
        "secondary_address" => Digits("Apt. ###", random),
        "address" => $"{Digits("##", random)} {Pick(random, LastNames)} Street, {Pick(random, Cities)}",
        "prefix" or "prefix_male" or "prefix_female" => "Dr.",
        _ when name.StartsWith("last", StringComparison.Ordinal) => Pick(random, LastNames),
        _ when name.StartsWith("first", StringComparison.Ordinal) => Pick(random, FirstNames),
        _ => $"{Pick(random, FirstNames)} {Pick(random, LastNames)}",
    };

    private static string Card(Random random)
    {
        string prefix = Pick(random, ["4#############", "51#############", "4##############", "37############", "6011###########", "35300##########", "2221###########"]);
        string body = Digits(prefix.StartsWith('4') && prefix.Length < 15 ? "4##############" : prefix, random);
        for (int check = 0; ; check++)
        {
            string number = body + check.ToString(CultureInfo.InvariantCulture);
            if (Reference.ReferenceChecks.Luhn(number))
            {
                return number.Length != 16 ? number : random.Next(3) switch
                {
                    0 => number,
                    1 => string.Join(' ', number.Chunk(4).Select(group => new string(group))),
                    _ => string.Join('-', number.Chunk(4).Select(group => new string(group))),
                };
            }
        }
    }

    private static string Iban(Random random)
    {
        string country = Pick(random, ["DE", "GB", "FR", "NL", "PL"]);
        string account = Digits(country switch
        {
            "DE" => "##################",
            "GB" => "NWBK##############",
            "FR" => "#######################",
            "NL" => "INGB##########",
            _ => "########################",
        }, random);
        string iban = country + Reference.ReferenceChecks.IbanCheckDigits(country, account) + account;
        return random.Next(2) == 0 ? iban : string.Join(' ', iban.Chunk(4).Select(group => new string(group)));
    }

    private static string Pick(Random random, string[] values) => values[random.Next(values.Length)];

    private static string Digits(string pattern, Random random) =>
        string.Concat(pattern.Select(c => c == '#' ? (char)('0' + random.Next(10)) : c));
}
