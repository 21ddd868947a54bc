using System.Text;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Language;

/// <summary>Tells eighteen languages apart by script, function words and letter triples, without a model file.</summary>
/// <remarks>
/// Knows ar, de, el, en, es, fr, he, hi, id, it, ja, ko, nl, pt, ru, th, vi and zh; a text in another language is
/// <see cref="LanguageGuess.Undetermined"/> where that shows (Ukrainian letters, Persian letters, few known words), and may be taken for
/// a relative where it does not (Malay for Indonesian, Cantonese for Chinese, a short Danish line for German). At most the first 8,192
/// UTF-16 code units are read. The score is certainty on the scale of 0 to 1, not a probability measured on a corpus. Immutable; safe
/// for concurrent use.
/// </remarks>
public sealed class HeuristicLanguageIdentifier : ILanguageIdentifier
{
    private const int MaxExamined = 8192;
    private const double LeastScore = 0.2;

    private HeuristicLanguageIdentifier()
    {
    }

    /// <summary>The one instance.</summary>
    public static HeuristicLanguageIdentifier Default { get; } = new();

    /// <inheritdoc/>
    public string Name => "openledger-heuristic/1";

    /// <inheritdoc/>
    public LanguageGuess Identify(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, MaxExamined)];
        Span<int> letters = stackalloc int[(int)TextScript.Han + 1];
        letters.Clear();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
            {
                letters[(int)UnicodeScripts.Of(rune.Value)]++;
            }
        }

        // A syllable or a character of these says as much as two or three letters.
        int han = 3 * letters[(int)TextScript.Han];
        int kana = 2 * (letters[(int)TextScript.Hiragana] + letters[(int)TextScript.Katakana]);
        int hangul = 3 * letters[(int)TextScript.Hangul];
        int cjk = han + kana;
        int all = cjk + hangul;
        for (TextScript script = TextScript.Other; script < TextScript.Hangul; script++)
        {
            all += letters[(int)script];
        }

        if (all == 0)
        {
            return LanguageGuess.Unknown;
        }

        TextScript main = TextScript.Han;
        int most = cjk;
        for (TextScript script = TextScript.Latin; script <= TextScript.Hangul; script++)
        {
            int weight = script == TextScript.Hangul ? hangul : letters[(int)script];
            (main, most) = weight > most ? (script, weight) : (main, most);
        }

        double share = (double)most / all;
        LanguageGuess guess = main switch
        {
            TextScript.Latin => LatinModel.Identify(text),
            TextScript.Han => Cjk(han, kana),
            TextScript.Hangul => new LanguageGuess("ko", Certainty(hangul)),
            TextScript.Thai => new LanguageGuess("th", Certainty(most)),
            TextScript.Greek => new LanguageGuess("el", Certainty(most)),
            TextScript.Hebrew => new LanguageGuess("he", Certainty(most)),
            TextScript.Cyrillic => ScriptModel.Russian(text, Certainty(most)),
            TextScript.Arabic => ScriptModel.Arabic(text, Certainty(most)),
            TextScript.Devanagari => ScriptModel.Hindi(text, Certainty(most)),
            _ => LanguageGuess.Unknown,
        };
        double score = Math.Round(Math.Clamp(guess.Score * share, 0, 1), 6);
        return guess.IsKnown && score >= LeastScore ? new LanguageGuess(guess.Language, score) : LanguageGuess.Unknown;
    }

    // Japanese prose is half kana; Chinese has none but in names and quotations.
    private static LanguageGuess Cjk(int han, int kana)
    {
        double kanaShare = (double)kana / (han + kana);
        return kanaShare > 0.12
            ? new LanguageGuess("ja", Certainty(han + kana) * Math.Min(1, 0.5 + (3 * kanaShare)))
            : new LanguageGuess("zh", Certainty(han + kana) * (1 - (3 * kanaShare)));
    }

    /// <summary>Grows with the letters seen: 4 give a half, 40 nine tenths.</summary>
    private static double Certainty(int letters) => letters / (letters + 4.0);
}
