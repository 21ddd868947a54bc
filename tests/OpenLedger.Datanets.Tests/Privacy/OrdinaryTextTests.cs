using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Privacy;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Privacy;

/// <summary>
/// Ten million characters of public text. The findings were read one by one: telephone numbers and addresses that newspapers printed
/// (mrpc), the address of Project Gutenberg (botchan), made-up examples of addresses, a password and a zip code (alpaca, gsm8k).
/// </summary>
public class OrdinaryTextTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("corpora/gsm8k/train.jsonl", 2)]
    [InlineData("corpora/alpaca_en_demo.json", 7)]
    [InlineData("corpora/cranfield/corpus.jsonl", 0)]
    [InlineData("corpora/mrpc/msr_paraphrase_train.txt", 13)]
    [InlineData("corpora/sst2/train.tsv", 0)]
    [InlineData("corpora/tinyshakespeare.txt", 0)]
    [InlineData("corpora/botchan_en.txt", 3)]
    [InlineData("corpora/alce/asqa_default.json", 0)]
    [InlineData("corpora/alce/eli5_default.json", 0)]
    [InlineData("corpora/mt_bench/reference_gpt4.jsonl", 0)]
    [InlineData("corpora/datainf/math_with_reason_train.jsonl", 0)]
    public void Scan_PublicText_FindsOnlyWhatWasPublished(string file, int published)
    {
        PersonalDataScanner scanner = new();
        int found = 0;
        long characters = 0;
        foreach (string text in Texts(RealData.Require(file)))
        {
            characters += text.Length;
            foreach (PersonalDataSpan span in scanner.Scan(text))
            {
                found++;
                int from = Math.Max(0, span.Start - 40);
                int to = Math.Min(text.Length, span.End + 20);
                output.WriteLine($"{span.Entity} {span.Score} {span.Why}: '{text[from..span.Start].ReplaceLineEndings(" ")}»{text[span.Start..span.End]}«{text[span.End..to].ReplaceLineEndings(" ")}'");
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {found} findings in {characters / 1e6:F2} M characters"));
        Assert.Equal(published, found);
    }

    private static IEnumerable<string> Texts(string path)
    {
        if (path.EndsWith(".txt", StringComparison.Ordinal) || path.EndsWith(".tsv", StringComparison.Ordinal))
        {
            foreach (string line in File.ReadLines(path))
            {
                yield return line;
            }

            yield break;
        }

        IEnumerable<string> documents = path.EndsWith(".jsonl", StringComparison.Ordinal) ? File.ReadLines(path) : [File.ReadAllText(path)];
        foreach (string line in documents)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            foreach (string text in Strings(document.RootElement))
            {
                yield return text;
            }
        }
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Strings(member.Value)),
        _ => [],
    };
}
