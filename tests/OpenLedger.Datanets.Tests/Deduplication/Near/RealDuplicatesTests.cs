using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Deduplication.Near;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Deduplication.Near;

/// <summary>Near-duplicates in real collections, against the exact similarity of all pairs.</summary>
public sealed class RealDuplicatesTests
{
    private static readonly MinHasher Hasher = new(new MinHashOptions());

    [Theory]
    [InlineData("mrpc")]
    [InlineData("gsm8k")]
    [InlineData("alpaca")]
    [InlineData("cranfield")]
    [InlineData("sst2")]
    public void Find_RealTexts_CatchesWhatTheCurvePromises(string collection)
    {
        byte[][] texts = Read(collection);
        NearDuplicateIndexOptions options = new();
        NearDuplicateIndex index = new(options);
        Dictionary<(long, long), double> found = [];
        for (int i = 0; i < texts.Length; i++)
        {
            MinHashSignature signature = Hasher.Sign(texts[i]);
            foreach (NearDuplicateMatch match in index.Find(signature))
            {
                found.Add((match.Position, i), match.Similarity);
            }

            index.Add(i, signature);
        }

        Dictionary<(long, long), double> exact = AllPairs(texts, atLeast: 0.4);
        int similar = exact.Count(pair => pair.Value >= options.Threshold);
        int caught = exact.Count(pair => pair.Value >= options.Threshold && found.ContainsKey(pair.Key));
        int wrong = found.Count(pair => exact.GetValueOrDefault(pair.Key) < options.Threshold);
        double promised = exact.Where(pair => pair.Value >= options.Threshold).Sum(pair => options.MinHash.CandidateProbability(pair.Value));
        IReadOnlyList<NearDuplicateCluster> clusters = index.Clusters();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{collection}: {texts.Length} texts, {similar} pairs of similarity >= 0.7, {caught} caught ({promised:F1} promised before the threshold on the estimate), "
            + $"{wrong} below 0.7 caught too, {clusters.Count} clusters, {clusters.Sum(cluster => cluster.Members.Count - 1)} texts to drop, "
            + $"largest {(clusters.Count == 0 ? 0 : clusters.Max(cluster => cluster.Members.Count))}"));
        foreach (NearDuplicateCluster cluster in clusters.Take(6))
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join("\n  ", cluster.Members.Take(3).Select(i => i + ": " + Start(texts[i]))));
        }

        // Estimates scatter by 0.04 about the truth, so that pairs near 0.7 fall on either side; those far from it must not.
        int clear = exact.Count(pair => pair.Value >= 0.85);
        int clearCaught = exact.Count(pair => pair.Value >= 0.85 && found.ContainsKey(pair.Key));
        double clearPromised = exact.Where(pair => pair.Value >= 0.85).Sum(pair => options.MinHash.CandidateProbability(pair.Value));
        Assert.InRange(clearCaught, clearPromised - 3 - (4 * Math.Sqrt(clear)), clear);
        Assert.All(found, pair => Assert.InRange(exact.GetValueOrDefault(pair.Key), 0.5, 1));
        Assert.All(found, pair => Assert.InRange(pair.Value - exact[pair.Key], -0.2, 0.2));
        Assert.Equal(clusters.Count, clusters.Select(cluster => cluster.Representative).Distinct().Count());
        Assert.All(clusters, cluster => Assert.All(
            cluster.Members.Skip(1), member => Assert.Contains(cluster.Members, other => found.ContainsKey((Math.Min(other, member), Math.Max(other, member))))));
    }

    [Fact]
    public void Sign_ParaphrasePairs_FollowTheirSharedPhrases()
    {
        string path = RealData.Require("corpora/mrpc/msr_paraphrase_train.txt");
        (byte[] Left, byte[] Right)[] pairs =
            [.. File.ReadLines(path).Skip(1).Select(line => line.Split('\t')).Select(cells => (Encoding.UTF8.GetBytes(cells[3]), Encoding.UTF8.GetBytes(cells[4])))];
        double error = 0;
        double variance = 0;
        foreach ((byte[] left, byte[] right) in pairs)
        {
            double exact = Hasher.Similarity(left, right);
            double estimate = Hasher.Sign(left).EstimateSimilarity(Hasher.Sign(right));
            error += (estimate - exact) * (estimate - exact);
            variance += (exact * (1 - exact) / 112) + (1 / (112 * 256d));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{pairs.Length} pairs, root mean square error of the estimate {Math.Sqrt(error / pairs.Length):F4}, of 112 ideal rows {Math.Sqrt(variance / pairs.Length):F4}"));
        Assert.InRange(error / variance, 0.8, 1.2);
    }

    private static string Start(byte[] text)
    {
        string start = Encoding.UTF8.GetString(text);
        return start.ReplaceLineEndings(" ")[..Math.Min(start.Length, 150)];
    }

    private static byte[][] Read(string collection) => collection switch
    {
        "mrpc" => [.. File.ReadLines(RealData.Require("corpora/mrpc/msr_paraphrase_train.txt")).Skip(1)
            .SelectMany(line => line.Split('\t')[3..5]).Distinct().Select(Encoding.UTF8.GetBytes)],
        "gsm8k" => Lines("corpora/gsm8k", "question"),
        "cranfield" => Lines("corpora/cranfield/corpus.jsonl", "text"),
        "alpaca" => Array("corpora/alpaca_en_demo.json", "instruction", "input", "output"),
        "sst2" => [.. File.ReadLines(RealData.Require("corpora/sst2/train.tsv")).Select(line => Encoding.UTF8.GetBytes(line.Split('\t')[0]))],
        _ => throw new ArgumentOutOfRangeException(nameof(collection)),
    };

    private static byte[][] Lines(string path, string member)
    {
        string full = RealData.Require(path);
        string[] files = Directory.Exists(full) ? Directory.GetFiles(full, "*.jsonl") : [full];
        return [.. files.Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Where(line => line.Length > 0)
            .Select(line => Encoding.UTF8.GetBytes(JsonElement.Parse(line).GetProperty(member).GetString()!))];
    }

    private static byte[][] Array(string path, params string[] members) =>
        [.. JsonElement.Parse(File.ReadAllText(RealData.Require(path))).EnumerateArray().Select(element => Encoding.UTF8.GetBytes(
            string.Join('\n', members.Select(member => element.TryGetProperty(member, out JsonElement value) ? value.GetString() : ""))))];

    /// <summary>The exact similarity of every pair of at least a value, through an inverted list of shingles.</summary>
    private static Dictionary<(long, long), double> AllPairs(byte[][] texts, double atLeast)
    {
        ulong[][] shingles = [.. texts.Select(text => Hasher.ShinglesOf(text))];
        Dictionary<ulong, List<int>> holders = [];
        Dictionary<(long, long), double> pairs = [];
        for (int i = 0; i < shingles.Length; i++)
        {
            Dictionary<int, int> shared = [];
            foreach (ulong shingle in shingles[i])
            {
                if (!holders.TryGetValue(shingle, out List<int>? earlier))
                {
                    holders.Add(shingle, earlier = []);
                }

                foreach (int j in earlier)
                {
                    shared[j] = shared.GetValueOrDefault(j) + 1;
                }

                earlier.Add(i);
            }

            foreach ((int j, int count) in shared)
            {
                double similarity = count / (double)(shingles[i].Length + shingles[j].Length - count);
                if (similarity >= atLeast)
                {
                    pairs.Add((j, i), similarity);
                }
            }
        }

        return pairs;
    }
}
