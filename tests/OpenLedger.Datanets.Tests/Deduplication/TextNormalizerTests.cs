using System.Text;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Deduplication;

public class TextNormalizerTests
{
    [Fact]
    public void Normalize_AnyText_EqualsTheSlowDefinition()
    {
        Random random = new(14);
        int[] delicate =
        [
            0x20, 0x09, 0x0B, 0x1C, 0x85, 0xA0, 0x2003, 0x3000, 0x41, 0x49, 0x61, 0x69, 0x73, 0xC5, 0xDF, 0xE5, 0x130, 0x149, 0x1C5, 0x1EBF, 0x2126, 0x212B,
            0x300, 0x301, 0x302, 0x307, 0x308, 0x323, 0x327, 0x345, 0x30A, 0x31B, 0x390, 0x3B1, 0x3A3, 0x3C2, 0x583, 0x5B4, 0x915, 0x93C, 0x958, 0x9C7, 0x9BE,
            0xDDC, 0xDCA, 0xDD9, 0xDCF, 0xFB3, 0xF71, 0xF72, 0xF73, 0xF74, 0x1025, 0x102E, 0x1100, 0x1112, 0x1161, 0x1175, 0x1176, 0x11A7, 0x11A8, 0x11C2, 0x11C3,
            0xAC00, 0xAC01, 0xD7A3, 0x1B06, 0x1B35, 0x1E9E, 0x1F80, 0x1FB3, 0x1FBC, 0x304B, 0x3099, 0xF900, 0xFB1D, 0xFB2C, 0x4E2D, 0x1D15E, 0x1D165, 0x1D157,
            0x110B9, 0x110BA, 0x1109A, 0x10400, 0x1F600, 0x13A0, 0xAB70, 0x2F800,
        ];
        for (int i = 0; i < 60_000; i++)
        {
            StringBuilder text = new();
            for (int length = random.Next(9); length > 0; length--)
            {
                int scalar = random.Next(6) > 0 ? delicate[random.Next(delicate.Length)] : random.Next(0x30000);
                text.Append(Rune.IsValid(scalar) ? new Rune(scalar).ToString() : "x");
            }

            AssertSame(text.ToString());
        }
    }

    [Fact]
    public void Normalize_EveryCharacterBetweenOthers_EqualsTheSlowDefinition()
    {
        for (int scalar = 0; scalar < 0x110000; scalar++)
        {
            // Planes 3 to 13 and the private ones hold nothing that normalisation knows.
            if (Rune.IsValid(scalar) && scalar is < 0x30000 or (>= 0xE0000 and < 0xE0200) && scalar is < 0x4E10 or > 0x9FF0 && scalar is < 0x20010 or > 0x2F7F0)
            {
                string text = char.ConvertFromUtf32(scalar);
                AssertSame("A" + text);
                AssertSame(text + "\u0301");
                AssertSame("\uAC00" + text + "e\u0323" + text + "\u11A8");
            }
        }
    }

    [Fact]
    public void Normalize_LoneSurrogates_AreReplaced() => Assert.Equal("a\uFFFDb", TextNormalizer.Normalize("A\uD800B"));

    [Fact]
    public void Normalize_OneCharacterThatBecomesMany_GrowsTheText() =>
        Assert.Equal(string.Concat(Enumerable.Repeat("ss", 5_000)), TextNormalizer.Normalize(new string('ß', 5_000)));

    [Fact]
    public void Normalize_HostileRunOfMarks_TakesReasonableTime()
    {
        System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();
        string text = "a" + string.Concat(Enumerable.Range(0, 300_000).Select(i => i % 2 == 0 ? '\u0301' : '\u0323'));
        Assert.Equal(300_000, TextNormalizer.Normalize(text).Length); // one dot joins the letter to ạ
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Fact]
    public void Of_AnyRecord_EqualsTheDigestOfTheNormalisedTree()
    {
        RandomJson random = new(77);
        int compared = 0;
        int changed = 0;
        for (int i = 0; i < 30_000; i++)
        {
            DatanetRecord record;
            try
            {
                record = DatanetRecord.Parse(random.Next(isObject: true));
            }
            catch (DatanetException)
            {
                continue; // not the matter here
            }

            Assert.Equal(ReferenceNormalizer.Digest(record), NormalizedDigest.Of(record));
            compared++;
            changed += NormalizedDigest.Of(record) != record.Digest.Value ? 1 : 0;
        }

        Assert.True(compared > 15_000 && changed > compared / 5, $"{compared} compared, {changed} changed");
    }

    private static void AssertSame(string text)
    {
        string expected = ReferenceNormalizer.Normalize(text);
        string actual = TextNormalizer.Normalize(text);
        Assert.True(expected == actual, $"{Points(text)}: expected {Points(expected)}, not {Points(actual)}");
    }

    private static string Points(string text) => string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X", System.Globalization.CultureInfo.InvariantCulture)));
}
