using System.Buffers;
using System.Collections.Frozen;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Language;

/// <summary>Tells the language that most texts of a script are in from its neighbours.</summary>
internal static class ScriptModel
{
    // Ukrainian, Belarusian, Serbian, Macedonian, Kazakh, Tatar and others.
    private static readonly SearchValues<char> NotRussian =
        SearchValues.Create("іїєґўјљњћђџѓќѕәғқңөұүһҳҷӣӯІЇЄҐЎЈЉЊЋЂЏЃЌЅӘҒҚҢӨҰҮҺ");

    private static readonly SearchValues<char> RussianOnly = SearchValues.Create("ыэёЫЭЁ");

    // Persian and Urdu.
    private static readonly SearchValues<char> NotArabic = SearchValues.Create("پچژگکیٹڈڑںےہھۃۂ");

    private static readonly FrozenSet<string> HindiWords = FrozenSet.Create(
        StringComparer.Ordinal,
        "है", "हैं", "था", "थी", "थे", "के", "में", "की", "और", "को", "का", "से", "पर", "ने", "यह", "वह", "नहीं", "एक", "हो", "भी", "कि", "इस", "लिए", "कर",
        "मैं", "हम", "तो", "ही", "जो", "अपने", "गया", "रहा", "रहे", "रही", "आप", "मेरे", "मेरी", "होता", "होती", "करते", "साथ", "बहुत", "क्या", "उस", "बाद");

    public static LanguageGuess Russian(ReadOnlySpan<char> text, double certainty)
    {
        int foreign = CountAny(text, NotRussian);
        int own = CountAny(text, RussianOnly);
        int hardSigns = text.Count('ъ');
        int letters = CountLetters(text);

        // Bulgarian is written with Russian letters, but with many hard signs and never with ы.
        bool isBulgarian = own == 0 && hardSigns >= 1 && 100 * hardSigns >= letters;
        return 50 * foreign > letters || isBulgarian ? LanguageGuess.Unknown : new LanguageGuess("ru", certainty * (own > 0 || letters < 30 ? 1 : 0.8));
    }

    public static LanguageGuess Arabic(ReadOnlySpan<char> text, double certainty) =>
        50 * CountAny(text, NotArabic) > CountLetters(text) ? LanguageGuess.Unknown : new LanguageGuess("ar", certainty);

    public static LanguageGuess Hindi(ReadOnlySpan<char> text, double certainty)
    {
        FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup = HindiWords.GetAlternateLookup<ReadOnlySpan<char>>();
        int words = 0;
        int known = 0;
        foreach (TextToken token in TextSegmenter.Tokens(text))
        {
            words += token.HasLetter ? 1 : 0;
            known += token.HasLetter && lookup.Contains(token.Of(text)) ? 1 : 0;
        }

        // Marathi, Nepali and Sanskrit share the script and a few of the words; a third of Hindi prose is function words.
        return words >= 6 && 10 * known < words
            ? LanguageGuess.Unknown
            : new LanguageGuess("hi", certainty * (words < 6 && known == 0 ? 0.6 : Math.Min(1, 0.7 + (2.0 * known / words))));
    }

    private static int CountAny(ReadOnlySpan<char> text, SearchValues<char> characters)
    {
        int count = 0;
        while (text.IndexOfAny(characters) is >= 0 and int at)
        {
            count++;
            text = text[(at + 1)..];
        }

        return count;
    }

    private static int CountLetters(ReadOnlySpan<char> text)
    {
        int letters = 0;
        foreach (char character in text)
        {
            letters += char.IsLetter(character) ? 1 : 0;
        }

        return letters;
    }
}
