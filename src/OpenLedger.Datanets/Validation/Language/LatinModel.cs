using System.Text;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Language;

/// <summary>Tells languages in Latin letters apart: naive Bayes over letter triples, with function words, checked for how much it knows.</summary>
internal static class LatinModel
{
    private const double Smoothing = 0.3;
    private const double Vocabulary = 6000;

    // An occurrence of a function word weighs as much as a triple that is e^2 times as frequent in that language.
    private const double FunctionWordWeight = 2;

    // Triples and words are not independent: their log-odds are damped, or two words would be certain.
    private const double Damping = 0.35;

    // Shares of running text that are in the tables of its own language, below which certainty falls.
    private const double UsualKnownTriples = 0.5;
    private const double UsualFunctionWords = 0.25;

    private static readonly string[] Languages = [.. LatinProfiles.All.Select(profile => profile.Language)];
    private static readonly Dictionary<int, float[]> TripleWeights = [];
    private static readonly Dictionary<int, int> TripleSets = []; // bit per language
    private static readonly float[] UnknownTriple = new float[Languages.Length];
    private static readonly Dictionary<string, int> FunctionWords = new(StringComparer.Ordinal); // bit per language

    static LatinModel()
    {
        for (int language = 0; language < Languages.Length; language++)
        {
            (_, string functionWords, string sample) = LatinProfiles.All[language];
            foreach (string word in functionWords.Split(' '))
            {
                FunctionWords[word] = FunctionWords.GetValueOrDefault(word) | (1 << language);
            }

            AddSample(language, sample);
        }
    }

    public static LanguageGuess Identify(ReadOnlySpan<char> text)
    {
        string lower = ComposedText.Of(text.ToString()).ToLowerInvariant();
        double[] scores = new double[Languages.Length];
        int[] knownTriples = new int[Languages.Length];
        int[] knownWords = new int[Languages.Length];
        int triples = 0;
        int words = 0;
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> functionWords = FunctionWords.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (Range range in Words(lower))
        {
            ReadOnlySpan<char> word = lower.AsSpan()[range];
            words++;
            int owners = functionWords.TryGetValue(word, out int known) ? known : 0;
            for (int language = 0; language < scores.Length; language++)
            {
                bool isOwner = (owners >> language & 1) != 0;
                knownWords[language] += isOwner ? 1 : 0;
                scores[language] += isOwner ? FunctionWordWeight : 0;
            }

            for (int at = -1; at < word.Length - 1; at++)
            {
                int triple = Triple(word, at);
                float[] weights = TripleWeights.GetValueOrDefault(triple) ?? UnknownTriple;
                int owned = TripleSets.GetValueOrDefault(triple);
                triples++;
                for (int language = 0; language < scores.Length; language++)
                {
                    scores[language] += weights[language];
                    knownTriples[language] += owned >> language & 1;
                }
            }
        }

        if (triples == 0)
        {
            return LanguageGuess.Unknown;
        }

        int best = Array.IndexOf(scores, scores.Max());
        double certainty = 1 / scores.Sum(score => Math.Exp(Damping * (score - scores[best])));
        double familiarity = (0.5 * Math.Min(1, knownTriples[best] / (UsualKnownTriples * triples)))
            + (0.5 * Math.Min(1, knownWords[best] / (UsualFunctionWords * words)));
        return new LanguageGuess(Languages[best], certainty * Math.Min(1, 1.3 * familiarity));
    }

    private static void AddSample(int language, string sample)
    {
        Dictionary<int, int> counts = [];
        int total = 0;
        string lower = sample.ToLowerInvariant();
        foreach (Range range in Words(lower))
        {
            ReadOnlySpan<char> word = lower.AsSpan()[range];
            for (int at = -1; at < word.Length - 1; at++)
            {
                int triple = Triple(word, at);
                counts[triple] = counts.GetValueOrDefault(triple) + 1;
                total++;
            }
        }

        // Triples are added up language by language; those that only other languages have get this one's smoothed weight.
        double denominator = total + (Smoothing * Vocabulary);
        float unknown = (float)Math.Log(Smoothing / denominator);
        UnknownTriple[language] = unknown;
        foreach (float[] weights in TripleWeights.Values)
        {
            weights[language] = unknown;
        }

        foreach ((int triple, int count) in counts)
        {
            if (!TripleWeights.TryGetValue(triple, out float[]? weights))
            {
                weights = [.. UnknownTriple];
                TripleWeights.Add(triple, weights);
            }

            weights[language] = (float)Math.Log((count + Smoothing) / denominator);
            TripleSets[triple] = TripleSets.GetValueOrDefault(triple) | (1 << language);
        }
    }

    /// <summary>Three letters from <paramref name="at"/> on, a blank before and after the word.</summary>
    private static int Triple(ReadOnlySpan<char> word, int at) =>
        (Letter(word, at) << 20) | (Letter(word, at + 1) << 10) | Letter(word, at + 2);

    // Latin letters of all blocks that matter here fit ten bits: ASCII and Latin-1 as they are, the rest of Latin folded into 256 to 1023.
    private static int Letter(ReadOnlySpan<char> word, int at)
    {
        if (at < 0 || at >= word.Length)
        {
            return ' ';
        }

        char letter = word[at];
        return letter < 0x250 ? letter : 0x250 + (letter & 0x1FF) % 0x1B0;
    }

    private static List<Range> Words(string lower)
    {
        List<Range> words = [];
        int start = -1;
        for (int at = 0; at <= lower.Length; at++)
        {
            bool isLetter = at < lower.Length && char.IsLetter(lower[at]) && UnicodeScripts.Of(lower[at]) == TextScript.Latin;
            if (isLetter && start < 0)
            {
                start = at;
            }
            else if (!isLetter && start >= 0)
            {
                words.Add(start..at);
                start = -1;
            }
        }

        return words;
    }
}
