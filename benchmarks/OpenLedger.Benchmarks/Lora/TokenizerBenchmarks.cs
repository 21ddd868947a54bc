using System.Text;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using Microsoft.ML.Tokenizers;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>Encoding 64 KB of text, streaming it back, and training; the baseline is Microsoft.ML.Tokenizers used directly.</summary>
/// <remarks>
/// The baseline lets special tokens in text through and cuts letters above U+FFFF differently; on this text the ids agree. Published
/// vocabularies are compared by <see cref="TokenizerBars"/>.
/// </remarks>
[MemoryDiagnoser]
public class TokenizerBenchmarks
{
    private const int VocabularySize = 2048;
    private string _text = "";
    private string[] _texts = [];
    private int[] _ids = [];
    private BpeTokenizer _plain = null!;
    private ByteLevelBpeTokenizer _tokenizer = null!;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        string[] names = [.. Enumerable.Range(0, 3000).Select(_ => Name(random))];
        _texts = [.. Enumerable.Range(0, 10_000).Select(_ =>
            $"Who keeps the harbour of {names[random.Next(names.Length)]}? It's {names[random.Next(names.Length)]}, since {random.Next(1500, 2000)}.\n")];
        _text = string.Concat(_texts)[..65_536];

        BpeVocabulary vocabulary = BpeTrainer.Train(_texts, new BpeTrainerOptions { VocabularySize = VocabularySize });
        _tokenizer = vocabulary.ToTokenizer();
        _ids = [.. _tokenizer.EncodeText(_text)];

        _plain = BpeTokenizer.Create(new BpeOptions(vocabulary.Tokens.Select((token, id) => KeyValuePair.Create(token, id)))
        {
            ByteLevel = true,
            Merges = vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}"),
            PreTokenizer = new RegexPreTokenizer(
                new Regex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.Compiled), null),
        });
        if (!_plain.EncodeToIds(_text).SequenceEqual(_ids))
        {
            throw new InvalidOperationException("The two tokenizers disagree, so comparing their speed means nothing.");
        }
    }

    [Benchmark(Baseline = true)]
    public int EncodeWithMicrosoftMLTokenizers() => _plain.EncodeToIds(_text).Count;

    [Benchmark]
    public int EncodeText() => _tokenizer.EncodeText(_text).Count;

    [Benchmark]
    public int Decode() => _tokenizer.Decode(_ids).Length;

    [Benchmark]
    public int DecodeIncrementally()
    {
        IncrementalDetokenizer detokenizer = _tokenizer.CreateDetokenizer();
        int characters = 0;
        foreach (int id in _ids)
        {
            characters += detokenizer.Push(id).Length;
        }

        return characters + detokenizer.Flush().Length;
    }

    [Benchmark]
    public int Train() => BpeTrainer.Train(_texts, new BpeTrainerOptions { VocabularySize = VocabularySize }).Tokens.Count;

    private static string Name(Random random)
    {
        var name = new StringBuilder();
        for (int i = random.Next(3, 9); i > 0; i--)
        {
            name.Append((char)('a' + random.Next(26)));
        }

        return name.ToString();
    }
}
