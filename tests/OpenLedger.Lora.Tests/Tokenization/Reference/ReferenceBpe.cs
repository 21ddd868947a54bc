using System.Text;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Tests.Tokenization.Reference;

/// <summary>Byte-level BPE as the papers describe it, on strings and by rescanning everything after each merge.</summary>
internal static class ReferenceBpe
{
    /// <summary>Trains; returns the merges in order.</summary>
    public static List<(string Left, string Right)> Train(
        IEnumerable<string> texts, int vocabularySize, long minimumFrequency, IReadOnlyList<string> specialTokens)
    {
        List<List<string>> words = [.. texts.SelectMany(ReferenceGpt2Words.Split).Select(Symbols)];
        List<string> tokens = [.. specialTokens, .. Enumerable.Range(0, 256).Select(value => StandIn((byte)value)).Order(StringComparer.Ordinal)];
        var merges = new List<(string Left, string Right)>();
        var refused = new HashSet<(string, string)>();
        while (tokens.Count < vocabularySize)
        {
            var counts = new Dictionary<(string Left, string Right), long>();
            foreach (List<string> word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    counts[(word[i], word[i + 1])] = counts.GetValueOrDefault((word[i], word[i + 1])) + 1;
                }
            }

            var best = counts
                .Where(pair => pair.Value >= minimumFrequency && !specialTokens.Contains(pair.Key.Left + pair.Key.Right))
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => tokens.IndexOf(pair.Key.Left))
                .ThenBy(pair => tokens.IndexOf(pair.Key.Right))
                .Select(pair => ((string Left, string Right)?)pair.Key)
                .FirstOrDefault();
            if (best is not { } merge)
            {
                break;
            }

            merges.Add(merge);
            if (!tokens.Contains(merge.Left + merge.Right))
            {
                tokens.Add(merge.Left + merge.Right);
            }

            words.ForEach(word => Apply(word, merge));
        }

        return merges;
    }

    /// <summary>Encodes one word: while a rule applies, the most important one is applied everywhere.</summary>
    public static List<string> EncodeWord(string word, IReadOnlyList<(string Left, string Right)> merges)
    {
        List<string> symbols = Symbols(word);
        while (true)
        {
            (string Left, string Right)? best = merges
                .Where(merge => Enumerable.Range(0, symbols.Count - 1).Any(i => symbols[i] == merge.Left && symbols[i + 1] == merge.Right))
                .Select(merge => ((string, string)?)merge)
                .FirstOrDefault();
            if (best is not { } found)
            {
                return symbols;
            }

            Apply(symbols, found);
        }
    }

    public static List<string> EncodeText(string text, IReadOnlyList<(string Left, string Right)> merges) =>
        [.. ReferenceGpt2Words.Split(text).SelectMany(word => EncodeWord(word, merges))];

    /// <summary>The stand-in of a byte, by the table of the GPT-2 paper's code: visible Latin-1 as itself, others from U+0100 on.</summary>
    public static string StandIn(byte value)
    {
        static bool IsVisible(int candidate) => candidate is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
        int character = IsVisible(value) ? value : 256 + Enumerable.Range(0, value).Count(candidate => !IsVisible(candidate));
        return ((char)character).ToString();
    }

    private static List<string> Symbols(string word) => [.. Encoding.UTF8.GetBytes(word).Select(StandIn)];

    private static void Apply(List<string> symbols, (string Left, string Right) merge)
    {
        for (int i = 0; i + 1 < symbols.Count; i++)
        {
            if (symbols[i] == merge.Left && symbols[i + 1] == merge.Right)
            {
                symbols[i] = merge.Left + merge.Right;
                symbols.RemoveAt(i + 1);
            }
        }
    }
}
