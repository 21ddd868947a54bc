using System.Text;
using OpenLedger.Datanets.Formats;

namespace OpenLedger.Datanets.Tests.Formats.Documents;

public class TextChunkerTests
{
    [Fact]
    public void Split_RandomText_LosesNothingAndKeepsTheLength()
    {
        Random random = new(8);
        string[] words = ["a", "bb", "long-word-without-end", "漢字。", "😀😀😀", "end.", "\n\n", "\n", " ", new string('x', 130)];
        for (int i = 0; i < 500; i++)
        {
            string text = string.Join(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(60)).Select(_ => words[random.Next(words.Length)]));
            int max = random.Next(20, 200);
            string[] chunks = [.. TextChunker.Split(text, max, 0)];
            Assert.All(chunks, chunk => Assert.InRange(chunk.Length, 1, max));
            Assert.All(chunks, chunk => Assert.True(chunk.EnumerateRunes().All(rune => rune != Rune.ReplacementChar), "half a surrogate pair"));
            Assert.Equal(WithoutSpace(text), WithoutSpace(string.Concat(chunks)));
        }
    }

    [Fact]
    public void Split_Overlap_RepeatsTheEndAndReachesTheEnd()
    {
        string text = string.Join(" ", Enumerable.Range(0, 2000).Select(i => $"w{i}"));
        string[] chunks = [.. TextChunker.Split(text, 200, 60)];
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"w{i}"), chunks.SelectMany(chunk => chunk.Split(' ')).Distinct());
        for (int i = 1; i < chunks.Length; i++)
        {
            string first = chunks[i].Split(' ')[0];
            Assert.Contains(first, chunks[i - 1].Split(' '));
            Assert.InRange(chunks[i].Length, 1, 200);
        }
    }

    [Fact]
    public void Split_PrefersParagraphsThenSentences()
    {
        Assert.Equal(["One two.", "Three four five."], TextChunker.Split("One two.\n\nThree four five.", 20, 0));
        Assert.Equal(["First one here.", "Second one is here."], TextChunker.Split("First one here. Second one is here.", 24, 0));
        Assert.Equal(["你好。", "再见。"], TextChunker.Split("你好。再见。", 4, 0));
    }

    private static string WithoutSpace(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
