using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Contamination;
using OpenLedger.Datanets.Validation.Language;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>Validating 200 records of about 300 English words (1.8 kB): cutting them into words alone is the baseline.</summary>
[MemoryDiagnoser]
public class ValidationBenchmarks
{
    private const int Records = 200;
    private const int Words = 300;

    private static readonly string[] Vocabulary =
        "the of and to in that have with a be people town river market bridge council engineer because morning question water government school answer children winter number because evening letter"
            .Split(' ');

    private readonly DatanetRecord[] _records = [.. Enumerable.Range(0, Records).Select(i => DatanetRecord.FromObject(new JsonObject { ["text"] = Text(i) }))];
    private readonly string[] _texts = [.. Enumerable.Range(0, Records).Select(Text)];
    private readonly RecordValidator _webText = new(BuiltInProfiles.WebText());
    private readonly ContaminationIndex _index = Index();

    [Benchmark(Baseline = true)]
    public int CutIntoWords() => _texts.Sum(text => TextSegmenter.Tokens(text).Count);

    [Benchmark]
    public int IdentifyLanguage() => _texts.Count(text => HeuristicLanguageIdentifier.Default.Identify(text).IsKnown);

    [Benchmark]
    public int FindContamination() => _texts.Count(text => _index.Find(text).Count > 0);

    [Benchmark]
    public int ValidateWebText() => _records.Count(record => _webText.Validate(record).Verdict == RecordVerdict.Accept);

    private static ContaminationIndex Index()
    {
        ContaminationIndexBuilder builder = new();
        for (int i = 0; i < 1000; i++)
        {
            builder.Add("benchmark", "items", null, Text(10_000 + i));
        }

        return builder.Build();
    }

    private static string Text(int seed)
    {
        Random random = new(seed);
        string[] words = [.. Enumerable.Range(0, Words).Select(i => Vocabulary[random.Next(Vocabulary.Length)] + (i % 12 == 11 ? "." : ""))];
        return string.Join(' ', words);
    }
}
