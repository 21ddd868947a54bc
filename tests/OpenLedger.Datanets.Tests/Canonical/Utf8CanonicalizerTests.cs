using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Canonical;

public class Utf8CanonicalizerTests
{
    [Fact]
    public void Canonicalize_AnyText_EqualsTheSlowDefinition()
    {
        RandomJson random = new(20260301);
        int fast = 0;
        int slow = 0;
        int refused = 0;
        for (int i = 0; i < 60_000; i++)
        {
            byte[] json = random.Next();
            foreach (bool refuseInexactIntegers in (bool[])[false, true])
            {
                (string? expected, DatanetError? error) = ReferenceCanonicalJson.Canonicalize(json, refuseInexactIntegers);
                bool isFast = Utf8Canonicalizer.TryCanonicalize(json, refuseInexactIntegers, out byte[] canonical);
                if (isFast)
                {
                    Assert.Equal(expected, Encoding.UTF8.GetString(canonical));
                }
                else
                {
                    Assert.Empty(canonical);
                }

                _ = expected is null ? refused++ : isFast ? fast++ : slow++;
                if (!refuseInexactIntegers)
                {
                    AssertSame(expected, error, () => CanonicalJson.Canonicalize(json));
                    Assert.Equal(expected == Encoding.UTF8.GetString(json) && expected is not null, CanonicalJson.IsCanonical(json));
                }
                else if (expected is null or ['{', ..])
                {
                    AssertSame(expected, error, () => DatanetRecord.Parse(json).Payload.ToArray());
                }
            }
        }

        // Only names with escapes may take the long way; they are frequent here.
        Assert.True(fast > 60_000 && refused > 5_000 && slow < fast / 5, $"fast {fast}, slow {slow}, refused {refused}");
    }

    [Fact]
    public void Serialize_ElementsOfLaxDocuments_EqualTheSlowDefinition()
    {
        RandomJson random = new(5);
        int compared = 0;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] json = [.. "[ /* comment */ "u8, .. random.Next(), .. " , ]"u8];
            if (!Utf8.IsValid(json))
            {
                continue;
            }

            JsonElement element;
            try
            {
                using JsonDocument document = JsonDocument.Parse(
                    json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 100 });
                element = document.RootElement.Clone();
            }
            catch (JsonException)
            {
                continue;
            }

            string raw = element[0].GetRawText();
            string? expected = ReferenceCanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(raw)).Canonical;
            if (expected is null)
            {
                continue; // lax inside too, or without a canonical form
            }

            AssertSame(expected, null, () => CanonicalJson.Serialize(element[0]));
            if (!raw.StartsWith(new string('[', 64), StringComparison.Ordinal))
            {
                AssertSame($"[{expected}]", null, () => CanonicalJson.Serialize(element));
            }

            compared++;
        }

        Assert.True(compared > 5_000, $"only {compared} compared");
    }

    [Fact]
    public void Canonicalize_DecimalsOfUpTo17Digits_AreSpelledAsTheDoubleIs()
    {
        Random random = new(17);
        for (int i = 0; i < 200_000; i++)
        {
            int count = random.Next(1, 18);
            string digits = string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + random.Next(10)))).TrimStart('0');
            digits = digits.Length == 0 ? "0" : digits;
            int zeros = random.Next(9);
            string text = random.Next(3) switch
            {
                0 => "0." + new string('0', zeros) + digits,
                1 when digits.Length > 1 => digits.Insert(random.Next(1, digits.Length), "."),
                _ => digits,
            };
            text = (random.Next(5) == 0 ? "-" : "") + text;
            Assert.True(Utf8Canonicalizer.TryCanonicalize(Encoding.ASCII.GetBytes(text), false, out byte[] canonical));
            Assert.Equal(ReferenceCanonicalJson.Number(double.Parse(text, CultureInfo.InvariantCulture)), Encoding.ASCII.GetString(canonical));
        }
    }

    [Fact]
    public void Canonicalize_NumbersThatGrow_FitTheOutput()
    {
        string json = "[" + string.Join(",", Enumerable.Repeat("1e20", 5_000)) + "]";
        string expected = "[" + string.Join(",", Enumerable.Repeat("100000000000000000000", 5_000)) + "]";
        Assert.True(Utf8Canonicalizer.TryCanonicalize(Encoding.ASCII.GetBytes(json), false, out byte[] canonical));
        Assert.Equal(expected, Encoding.ASCII.GetString(canonical));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(33)]
    [InlineData(2000)]
    public void Canonicalize_ManyMembers_AreSortedAndRepetitionIsFound(int count)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"\"{(i * 7919) % 10_007:D5}\"")];
        string Object(IEnumerable<string> order) => "{" + string.Join(",", order.Select(name => name + ":{\"b\":1,\"a\":" + name + "}")) + "}";
        Assert.True(Utf8Canonicalizer.TryCanonicalize(Encoding.ASCII.GetBytes(Object(names)), false, out byte[] canonical));
        Assert.Equal(ReferenceCanonicalJson.Canonicalize(Encoding.ASCII.GetBytes(Object(names))).Canonical, Encoding.ASCII.GetString(canonical));
        Assert.False(Utf8Canonicalizer.TryCanonicalize(Encoding.ASCII.GetBytes(Object([.. names, names[0]])), false, out _));
        Assert.Equal(DatanetError.InvalidJson, Assert.Throws<DatanetException>(() => CanonicalJson.Canonicalize(Encoding.ASCII.GetBytes(Object([.. names, names[0]])))).Error);
    }

    [Fact]
    public void Canonicalize_NamesAboveTheBasicPlane_ComeBeforeU_E000()
    {
        byte[] json = Encoding.UTF8.GetBytes("""{"x":0,"\uFFFF":1,"😀":2,"\uE000":3,"\uD7FF":4,"x😀":5,"x\uFFFD":6}""".Replace("\\uE000", "\uE000", StringComparison.Ordinal));
        Assert.True(Utf8Canonicalizer.TryCanonicalize(json, false, out byte[] canonical));
        int[] order = [.. JsonElement.Parse(canonical).EnumerateObject().Select(member => member.Value.GetInt32())];
        Assert.Equal([0, 5, 6, 4, 2, 3, 1], order);
    }

    [Fact]
    public void Canonicalize_RealRecords_EqualsTheSlowDefinition()
    {
        string[] files = Directory.GetFiles(RealData.Require("corpora"), "*.jsonl", SearchOption.AllDirectories);
        int compared = 0;
        foreach (string file in files)
        {
            foreach (string line in File.ReadLines(file).Where(line => !string.IsNullOrWhiteSpace(line)).Take(2_000))
            {
                byte[] json = Encoding.UTF8.GetBytes(line);
                Assert.True(Utf8Canonicalizer.TryCanonicalize(json, false, out byte[] canonical), file);
                Assert.Equal(ReferenceCanonicalJson.Canonicalize(json).Canonical, Encoding.UTF8.GetString(canonical));
                compared++;
            }
        }

        Assert.True(compared > 5_000, $"only {compared} lines");
    }

    private static void AssertSame(string? expected, DatanetError? error, Func<byte[]> action)
    {
        try
        {
            Assert.Equal(expected, Encoding.UTF8.GetString(action()));
        }
        catch (DatanetException exception)
        {
            Assert.True(expected is null, exception.Message + " " + expected);
            Assert.Equal(error ?? DatanetError.InvalidJson, exception.Error);
        }
    }
}
