using System.Collections.Frozen;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Words that nearly every real text of a language holds.</summary>
public static class StopWords
{
    /// <summary>
    /// By ISO 639-1 code. English: the eight of Rae et al. 2021 (Gopher), appendix A. The others are of the same kind: the most frequent
    /// function words; for Chinese, Japanese and Thai, which put no spaces between words, pieces that are looked for anywhere.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ByLanguage { get; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["en"] = ["the", "be", "to", "of", "and", "that", "have", "with"],
            ["vi"] = ["và", "của", "là", "có", "được", "cho", "không", "trong", "một", "các", "người", "với"],
            ["fr"] = ["le", "la", "les", "de", "des", "et", "est", "que", "un", "une", "dans", "pour"],
            ["de"] = ["der", "die", "das", "und", "ist", "zu", "den", "von", "mit", "nicht", "ein", "eine"],
            ["es"] = ["el", "la", "los", "de", "que", "y", "en", "un", "una", "es", "por", "con"],
            ["pt"] = ["o", "a", "os", "de", "que", "e", "em", "um", "uma", "para", "com", "não"],
            ["id"] = ["yang", "dan", "di", "ini", "itu", "dengan", "untuk", "dari", "tidak", "adalah", "dalam", "akan"],
            ["it"] = ["il", "la", "di", "che", "e", "un", "una", "per", "non", "con", "sono", "del"],
            ["nl"] = ["de", "het", "een", "en", "van", "is", "dat", "niet", "op", "met", "voor", "zijn"],
            ["ru"] = ["и", "в", "не", "на", "что", "с", "по", "это", "как", "из", "для", "но"],
            ["ar"] = ["في", "من", "على", "إلى", "أن", "هذا", "هذه", "التي", "الذي", "عن", "مع", "لا"],
            ["hi"] = ["है", "के", "में", "की", "और", "को", "का", "से", "हैं", "पर", "यह", "नहीं"],
            ["ko"] = ["이", "그", "수", "있다", "것", "및", "한", "등", "더", "있는", "위해", "대한"],
            ["zh"] = ["的", "是", "在", "不", "了", "有", "和", "这", "我", "一"],
            ["ja"] = ["の", "に", "は", "を", "た", "が", "で", "て", "と", "し"],
            ["th"] = ["ที่", "และ", "ใน", "เป็น", "ไม่", "มี", "การ", "ของ", "ได้", "ให้"],
        }.ToFrozenDictionary(StringComparer.Ordinal);
}
