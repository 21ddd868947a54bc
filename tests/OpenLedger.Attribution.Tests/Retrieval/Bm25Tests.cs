using CsCheck;
using OpenLedger.Attribution.Retrieval;

namespace OpenLedger.Attribution.Tests.Retrieval;

public class Bm25Tests
{
    [Fact]
    public void Score_RandomTexts_EqualsTheFormula()
    {
        Gen<string> text = Gen.Char['a', 'e'].Array[0, 12].Select(words => string.Join(' ', words));
        Gen.Select(text.Array[0, 6], text, Gen.Double[0, 2], Gen.Double[0, 1]).Sample((documents, query, k1, b) =>
        {
            double[] scores = new Bm25(documents, new() { K1 = k1, B = b }).Score(query);
            for (int d = 0; d < documents.Length; d++)
            {
                Assert.Equal(Formula(documents, d, query, k1, b), scores[d], 1e-12);
            }
        });
    }

    [Fact]
    public void Score_WorkedExample_HasTheValueOfAHandCalculation()
    {
        // N = 3, avgdl = 2; "red" in two documents: idf = ln(1 + 1.5/2.5); first document: tf 2, length 3.
        double expected = Math.Log(1.6) * 2 / (2 + (1.2 * (0.25 + (0.75 * 3 / 2))));
        Assert.Equal(expected, new Bm25(["red red fox", "red hat", "sea"]).Score("RED?")[0], 1e-15);
    }

    [Fact]
    public void Rank_Ties_StandByNumberAndStrangersAreLeftOut()
    {
        Bm25 index = new(["x y", "q", "x y", "x x"]);
        Assert.Equal([3, 0, 2], index.Rank("x", 9).Select(r => r.Document));
        Assert.Equal([3, 0], index.Rank("x", 2).Select(r => r.Document));
        Assert.Empty(index.Rank("unknown", 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Rank("x", -1));
    }

    [Fact]
    public void Bm25Options_SeveralFaults_AreReportedAtOnce() => Assert.Equal(
        "Bm25Options: K1 is -1; it must be finite and not below 0. B is 2; it must be from 0 to 1.",
        Assert.Throws<ArgumentException>(() => new Bm25([], new() { K1 = -1, B = 2 })).Message);

    private static double Formula(string[] documents, int d, string query, double k1, double b)
    {
        string[][] words = [.. documents.Select(Words)];
        double average = words.Average(w => w.Length);
        double score = 0;
        foreach (string term in Words(query))
        {
            int tf = words[d].Count(w => w == term);
            int df = words.Count(w => w.Contains(term));
            if (tf > 0)
            {
                score += Math.Log(1 + ((documents.Length - df + 0.5) / (df + 0.5))) * tf / (tf + (k1 * (1 - b + (b * words[d].Length / average))));
            }
        }

        return score;
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
