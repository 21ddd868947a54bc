using System.Diagnostics;
using OpenLedger.Datanets.Deduplication.Near;

namespace OpenLedger.Datanets.Tests.Deduplication.Near;

public sealed class NearDuplicateIndexTests
{
    private static readonly MinHasher Hasher = new(new MinHashOptions());

    [Fact]
    public void Find_ThousandsOfVariants_EqualsLookingAtAllPairs()
    {
        NearDuplicateIndexOptions options = new() { MaxCandidatesPerBand = 100_000 };
        NearDuplicateIndex index = new(options);
        MinHashSignature[] signatures = Variants(3000, 300, new Random(1));
        for (int i = 0; i < signatures.Length; i++)
        {
            NearDuplicateMatch[] expected = Brute(signatures, i, options.Threshold, _ => true);
            Assert.Equal(expected, index.Find(signatures[i]));
            Assert.Equal(expected.FirstOrDefault(), index.FindBest(signatures[i]));
            index.Add(10 * i, signatures[i]);
        }

        Assert.Equal(signatures.Length, index.Count);
    }

    [Fact]
    public void Remove_AnyTexts_AreFoundNoMore()
    {
        NearDuplicateIndexOptions options = new() { MaxCandidatesPerBand = 100_000 };
        NearDuplicateIndex index = new(options);
        MinHashSignature[] signatures = Variants(2500, 40, new Random(2));
        Random random = new(3);
        HashSet<long> removed = [];
        for (int i = 0; i < signatures.Length; i++)
        {
            index.Add(10 * i, signatures[i]);
            if (random.Next(3) == 0)
            {
                long position = 10 * random.Next(i + 1);
                Assert.Equal(removed.Add(position), index.Remove(position));
            }

            Assert.False(index.Remove((10 * i) + 1));
        }

        for (int i = 0; i < signatures.Length; i += 7)
        {
            Assert.Equal(Brute(signatures, signatures.Length, options.Threshold, j => !removed.Contains(10 * j), signatures[i]), index.Find(signatures[i]));
        }

        Assert.Equal(signatures.Length - removed.Count, index.Count);
        Assert.Empty(index.Find(new MinHashSignature(new byte[112]))); // what an overwritten signature looks like
        Assert.DoesNotContain(index.Clusters().SelectMany(cluster => cluster.Members), removed.Contains);
    }

    [Fact]
    public void Remove_TheLastTexts_FreesTheirPositions()
    {
        NearDuplicateIndex index = new(new NearDuplicateIndexOptions());
        MinHashSignature[] signatures = Variants(20, 20, new Random(4));
        for (int i = 0; i < 10; i++)
        {
            index.Add(i, signatures[i]);
        }

        Assert.True(index.Remove(8));
        Assert.True(index.Remove(9));
        index.Add(8, signatures[12]);
        Assert.Equal(new NearDuplicateMatch(8, 1), index.FindBest(signatures[12]));
        Assert.Null(index.FindBest(signatures[8]));
        Assert.Null(index.FindBest(signatures[9]));
        Assert.Throws<ArgumentException>(() => index.Add(8, signatures[13]));
    }

    [Fact]
    public void FindOrAdd_NearDuplicate_IsNotAdded()
    {
        NearDuplicateIndex index = new(new NearDuplicateIndexOptions());
        MinHashSignature first = Hasher.Sign("One two three four five six seven eight nine ten eleven twelve.");
        Assert.Null(index.FindOrAdd(0, first));
        Assert.Equal(new NearDuplicateMatch(0, 1), index.FindOrAdd(1, first));
        Assert.Equal(1, index.Count);
        Assert.Null(index.FindOrAdd(1, Hasher.Sign("Nothing of this has been here before, not even in parts of it.")));
    }

    [Fact]
    public void Add_TextWithoutWords_IsPassedOver()
    {
        NearDuplicateIndex index = new(new NearDuplicateIndexOptions { Threshold = 0 });
        index.Add(0, Hasher.Sign("..."));
        Assert.Equal(0, index.Count);
        Assert.Empty(index.Find(Hasher.Sign("...")));
    }

    [Fact]
    public void Add_SignatureOfOtherOptions_Throws()
    {
        NearDuplicateIndex index = new(new NearDuplicateIndexOptions());
        MinHashSignature foreign = new MinHasher(new MinHashOptions { Bands = 4 }).Sign("text");
        Assert.Throws<ArgumentException>(() => index.Add(0, foreign));
        Assert.Throws<ArgumentException>(() => index.Find(foreign));
        Assert.Throws<ArgumentException>(() => foreign.EstimateSimilarity(Hasher.Sign("text")));
    }

    [Theory]
    [InlineData(14, 8)]
    [InlineData(20, 5)]
    [InlineData(9, 13)]
    [InlineData(40, 17)]
    public void Clusters_ChainsOfVariants_EqualConnectedComponentsOfAllPairs(int bands, int rows)
    {
        MinHashOptions minHash = new() { Bands = bands, Rows = rows };
        NearDuplicateIndexOptions options = new() { MinHash = minHash, MaxCandidatesPerBand = 100_000, Threshold = 0.6 };
        NearDuplicateIndex index = new(options);
        MinHashSignature[] signatures = Variants(800, 200, new Random(5), new MinHasher(minHash));
        int[] component = [.. Enumerable.Range(0, signatures.Length)];
        for (int i = 0; i < signatures.Length; i++)
        {
            index.Add(10 * i, signatures[i]);
            foreach (NearDuplicateMatch match in Brute(signatures, i, options.Threshold, _ => true, null, minHash))
            {
                int from = component[i];
                int to = component[match.Position / 10];
                component = [.. component.Select(each => each == from || each == to ? Math.Min(from, to) : each)];
            }
        }

        long[][] expected = [.. component.Select((root, i) => (Root: root, Position: 10L * i)).GroupBy(pair => pair.Root)
            .Where(group => group.Count() > 1).Select(group => group.Select(pair => pair.Position).Order().ToArray()).OrderBy(members => members[0])];
        Assert.NotEmpty(expected);
        IReadOnlyList<NearDuplicateCluster> clusters = index.Clusters();
        Assert.Equal(expected, clusters.Select(cluster => cluster.Members.ToArray()));
        Assert.All(clusters, cluster => Assert.Equal(cluster.Members.Min(), cluster.Representative));
    }

    [Fact]
    public void Add_ManyEqualTexts_StaysFast()
    {
        // Boilerplate: every text in one bucket of every band. Without the limit this would be quadratic, minutes instead of a second.
        NearDuplicateIndex index = new(new NearDuplicateIndexOptions());
        MinHashSignature same = Hasher.Sign("The same text again and again and again, with nothing new in it at all.");
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 100_000; i++)
        {
            index.Add(i, same);
            if (i % 100 == 0)
            {
                Assert.NotNull(index.FindBest(same));
            }
        }

        Assert.Equal(100_000, Assert.Single(index.Clusters()).Members.Count);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 60);
    }

    [Fact]
    public void Validate_IllegalOptions_NamesEveryFault()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new NearDuplicateIndex(new NearDuplicateIndexOptions
        {
            Threshold = double.NaN,
            MaxCandidatesPerBand = 0,
            MinHash = new MinHashOptions { Bands = 0, Rows = 33, ShingleLength = 0, Tokens = 0 },
        }));
        foreach (string name in (string[])["Threshold", "MaxCandidatesPerBand", "Bands is 0", "Rows is 33", "ShingleLength is 0", "Tokens is 0"])
        {
            Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        }

        Assert.Contains(
            "1056; it must be at most 1024", Assert.Throws<ArgumentException>(() => new MinHasher(new MinHashOptions { Bands = 33, Rows = 32 })).Message, StringComparison.Ordinal);
    }

    /// <summary>Sets of 60 shingles, each a variant of one of some originals, at similarities over the whole range.</summary>
    internal static MinHashSignature[] Variants(int count, int originals, Random random, MinHasher? hasher = null)
    {
        hasher ??= Hasher;
        ulong[][] texts = [.. Enumerable.Range(0, originals).Select(_ => Enumerable.Range(0, 60).Select(_ => (ulong)random.NextInt64()).ToArray())];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            ulong[] variant = [.. texts[random.Next(originals)]];
            for (int changes = random.Next(25); changes > 0; changes--)
            {
                variant[random.Next(variant.Length)] = (ulong)random.NextInt64();
            }

            byte[] rows = new byte[hasher.SignatureLength];
            hasher.SignShingles(variant, rows);
            return new MinHashSignature(rows);
        })];
    }

    private static NearDuplicateMatch[] Brute(
        MinHashSignature[] signatures, int count, double threshold, Func<int, bool> isThere, MinHashSignature? query = null, MinHashOptions? options = null)
    {
        options ??= new MinHashOptions();
        query ??= signatures[count];
        byte[] rows = query.Rows.ToArray();
        return [.. Enumerable.Range(0, count)
            .Where(isThere)
            .Where(i => rows.Chunk(options.Rows).Zip(signatures[i].Rows.ToArray().Chunk(options.Rows)).Any(pair => pair.First.SequenceEqual(pair.Second)))
            .Select(i => new NearDuplicateMatch(10L * i, query.EstimateSimilarity(signatures[i])))
            .Where(match => match.Similarity >= threshold)
            .OrderByDescending(match => match.Similarity).ThenBy(match => match.Position)];
    }
}
