using System.Text;
using BenchmarkDotNet.Attributes;
using OpenLedger.Datanets.Privacy;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>Scanning a megabyte of text on one core: bytes per second are 1e6 over the mean.</summary>
/// <remarks>
/// The text is made here, so that the figure needs no corpus: sentences with a number in every third, as in school exercises, or a
/// support inbox with personal data in every second line. The baseline reads each character once, as any scanner must.
/// </remarks>
[MemoryDiagnoser]
public class PrivacyBenchmarks
{
    private const int Length = 1_000_000;

    private static readonly string[] Prose =
    [
        "The committee met again in the afternoon and heard what the engineers had to say about the bridge. ",
        "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May. ",
        "It was a bright cold day, and the clocks were striking as he hurried home along the river; nobody spoke. ",
        "How many words are there in a sentence like this one, the teacher asked: more than 12, or fewer? ",
        "Các em nhỏ chạy ra sân chơi khi trời vừa tạnh mưa, tiếng cười vang khắp xóm. ",
    ];

    private static readonly string[] Inbox =
    [
        "Hello, please call me back at 0912 345 678 or write to an.nguyen@mail.vn when the parcel leaves the warehouse. ",
        "I would like to know when the shop opens on Sunday, and whether you have the same lamp in green. ",
        "My card 4111 1111 1111 1111 was charged twice on 12/03/2024; the account is GB82 WEST 1234 5698 7654 32. ",
        "Thank you very much for the quick answer, that solved my problem and I wish you a pleasant evening. ",
    ];

    private readonly PersonalDataScanner _scanner = new();
    private readonly PersonalDataAnonymizer _anonymizer = new(new PersonalDataScanner());
    private string[] _records = [];
    private string _inbox = "";

    [GlobalSetup]
    public void Setup()
    {
        string prose = Repeat(Prose);
        _records = [.. prose.Chunk(1_000).Select(chunk => new string(chunk))];
        _inbox = Repeat(Inbox);
    }

    [Benchmark(Baseline = true)]
    public int ReadEveryCharacter()
    {
        int digits = 0;
        foreach (string record in _records)
        {
            foreach (char c in record)
            {
                digits += char.IsAsciiDigit(c) ? 1 : 0;
            }
        }

        return digits;
    }

    [Benchmark]
    public int ScanProse_1000RecordsOf1000Characters()
    {
        int found = 0;
        foreach (string record in _records)
        {
            found += _scanner.Scan(record).Count;
        }

        return found;
    }

    [Benchmark]
    public int ScanInbox_OneText() => _scanner.Scan(_inbox).Count;

    [Benchmark]
    public string RedactInbox_OneText() => _anonymizer.Apply(_inbox).Text;

    private static string Repeat(string[] sentences)
    {
        StringBuilder text = new(Length + 200);
        for (int i = 0; text.Length < Length; i++)
        {
            text.Append(sentences[i % sentences.Length]);
        }

        return text.ToString(0, Length);
    }
}
