using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Reading;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Tests.Reading;

public class SeededSampleTests
{
    private static readonly RecordDigest[] Digests = [.. Enumerable.Range(0, 1000).Select(i => new RecordDigest(Sha256Digest.Of(BitConverter.GetBytes(i))))];

    [Fact]
    public void Chosen_AnyOrderOfOffers_IsTheSame()
    {
        long[] forward = Choose(50, 7, Enumerable.Range(0, 1000));
        Assert.Equal(50, forward.Length);
        Assert.Equal(forward, Choose(50, 7, Enumerable.Range(0, 1000).Reverse()));
        Assert.Equal(forward, Choose(50, 7, Enumerable.Range(0, 1000).Concat(Enumerable.Range(0, 1000))));
        Assert.NotEqual(forward, Choose(50, 8, Enumerable.Range(0, 1000)));
    }

    [Fact]
    public void Chosen_OneMoreRecord_DisplacesAtMostOne()
    {
        long[] before = Choose(50, 7, Enumerable.Range(0, 999));
        long[] after = Choose(50, 7, Enumerable.Range(0, 1000));
        Assert.InRange(before.Except(after).Count(), 0, 1);
    }

    [Fact]
    public void Chosen_FewerRecordsThanAsked_IsAllOfThem() => Assert.Equal([0, 1, 2], Choose(50, 7, Enumerable.Range(0, 3)));

    [Fact]
    public void Chosen_ManySeeds_FavoursNobody()
    {
        // Each of 20 records is chosen with probability 1/4: 2,000 seeds expect 500 with a standard deviation of 19.
        int[] counts = new int[20];
        for (ulong seed = 0; seed < 2000; seed++)
        {
            foreach (long item in Choose(5, seed, Enumerable.Range(0, 20)))
            {
                counts[item]++;
            }
        }

        Assert.All(counts, count => Assert.InRange(count, 400, 600));
    }

    private static long[] Choose(int count, ulong seed, IEnumerable<int> items)
    {
        SeededSample sample = new(count, seed);
        foreach (int item in items)
        {
            sample.Offer(Digests[item], item);
        }

        return sample.Chosen();
    }
}
