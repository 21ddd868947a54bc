using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Thresholds of <see cref="GopherQualityRule"/>.</summary>
public sealed record GopherQualityOptions
{
    /// <summary>Fewest words; characters in Chinese, Japanese and Thai.</summary>
    /// <value>50; 0 to <see cref="MaxWords"/>.</value>
    public int MinWords { get; init; } = 50;

    /// <summary>Most words; characters in Chinese, Japanese and Thai.</summary>
    /// <value>100,000.</value>
    public int MaxWords { get; init; } = 100_000;

    /// <summary>Least mean length of a word in letters and digits; words of scripts without spaces do not count.</summary>
    /// <value>3.</value>
    public double MinMeanWordLength { get; init; } = 3;

    /// <summary>The same for languages that put spaces between syllables (Vietnamese), whose pieces are shorter.</summary>
    /// <value>2.</value>
    public double MinMeanSyllableLength { get; init; } = 2;

    /// <summary>Greatest mean length of a word in letters and digits.</summary>
    /// <value>10.</value>
    public double MaxMeanWordLength { get; init; } = 10;

    /// <summary>Most <c>#</c> per token, and most ellipses (<c>...</c> or <c>…</c>) per token; symbols are tokens too.</summary>
    /// <value>0.1.</value>
    public double MaxSymbolRatio { get; init; } = 0.1;

    /// <summary>Greatest fraction of lines that begin with <c>•</c> or <c>-</c>.</summary>
    /// <value>0.9; 0 to 1.</value>
    public double MaxBulletLineFraction { get; init; } = 0.9;

    /// <summary>Greatest fraction of lines that end with an ellipsis.</summary>
    /// <value>0.3; 0 to 1.</value>
    public double MaxEllipsisLineFraction { get; init; } = 0.3;

    /// <summary>Least fraction of tokens with a letter; symbols are tokens too.</summary>
    /// <value>0.8; 0 to 1.</value>
    public double MinAlphabeticFraction { get; init; } = 0.8;

    /// <summary>Fewest different stop words.</summary>
    /// <value>2; 0 turns the rule off.</value>
    public int MinStopWords { get; init; } = 2;

    /// <summary>
    /// Stop words by language: for English the eight of the paper; for the other languages frequent function words. A text in a language
    /// that is not listed, or in none that is recognised, is held against the English list, as the paper does with every text.
    /// </summary>
    /// <value><see cref="Quality.StopWords.ByLanguage"/>.</value>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> StopWords { get; init; } = Quality.StopWords.ByLanguage;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Range(nameof(MinWords), MinWords, 0, int.MaxValue);
        faults.Order(nameof(MinWords), MinWords, nameof(MaxWords), MaxWords);
        faults.Range(nameof(MinMeanWordLength), MinMeanWordLength, 0, 1e6);
        faults.Range(nameof(MinMeanSyllableLength), MinMeanSyllableLength, 0, 1e6);
        faults.Range(nameof(MaxMeanWordLength), MaxMeanWordLength, 0, 1e6);
        faults.Order(nameof(MinMeanWordLength), MinMeanWordLength, nameof(MaxMeanWordLength), MaxMeanWordLength);
        faults.Order(nameof(MinMeanSyllableLength), MinMeanSyllableLength, nameof(MaxMeanWordLength), MaxMeanWordLength);
        faults.Range(nameof(MaxSymbolRatio), MaxSymbolRatio, 0, 1e6);
        faults.Fraction(nameof(MaxBulletLineFraction), MaxBulletLineFraction);
        faults.Fraction(nameof(MaxEllipsisLineFraction), MaxEllipsisLineFraction);
        faults.Fraction(nameof(MinAlphabeticFraction), MinAlphabeticFraction);
        faults.Range(nameof(MinStopWords), MinStopWords, 0, 1000);
        if (StopWords is null || !StopWords.ContainsKey("en") || StopWords.Values.Any(words => words is null || words.Any(string.IsNullOrEmpty)))
        {
            faults.Add($"{nameof(StopWords)} must hold a list for 'en', which stands in for unlisted languages, and no empty word.");
        }

        faults.Throw();
    }

    internal JsonObject Describe()
    {
        JsonObject stopWords = [];
        foreach ((string language, IReadOnlyList<string> words) in StopWords)
        {
            stopWords[language] = OptionFaults.Array(words);
        }

        return new JsonObject
        {
            ["maxBulletLineFraction"] = MaxBulletLineFraction,
            ["maxEllipsisLineFraction"] = MaxEllipsisLineFraction,
            ["maxMeanWordLength"] = MaxMeanWordLength,
            ["maxSymbolRatio"] = MaxSymbolRatio,
            ["maxWords"] = MaxWords,
            ["minAlphabeticFraction"] = MinAlphabeticFraction,
            ["minMeanSyllableLength"] = MinMeanSyllableLength,
            ["minMeanWordLength"] = MinMeanWordLength,
            ["minStopWords"] = MinStopWords,
            ["minWords"] = MinWords,
            ["stopWords"] = stopWords,
        };
    }
}
