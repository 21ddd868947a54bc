namespace OpenLedger.Datanets.Validation.Text;

/// <summary>A group of writing systems that are segmented and identified alike.</summary>
public enum TextScript
{
    /// <summary>Not a letter, or a letter of a script not named here; such scripts are taken to put spaces between words.</summary>
    Other = 0,

    /// <summary>Latin.</summary>
    Latin = 1,

    /// <summary>Greek.</summary>
    Greek = 2,

    /// <summary>Cyrillic.</summary>
    Cyrillic = 3,

    /// <summary>Hebrew.</summary>
    Hebrew = 4,

    /// <summary>Arabic.</summary>
    Arabic = 5,

    /// <summary>Devanagari.</summary>
    Devanagari = 6,

    /// <summary>The other scripts of India from Bengali to Sinhala.</summary>
    OtherIndic = 7,

    /// <summary>Thai; no spaces between words.</summary>
    Thai = 8,

    /// <summary>Lao, Tibetan, Myanmar and Khmer; no spaces between words.</summary>
    OtherUnspaced = 9,

    /// <summary>Hangul.</summary>
    Hangul = 10,

    /// <summary>Hiragana; no spaces between words.</summary>
    Hiragana = 11,

    /// <summary>Katakana; no spaces between words.</summary>
    Katakana = 12,

    /// <summary>Han (Chinese characters) and Bopomofo; no spaces between words.</summary>
    Han = 13,
}
