namespace OpenLedger.Datanets.Validation.Text;

/// <summary>What a token is.</summary>
public enum TokenKind
{
    /// <summary>A run of letters and digits of a script that puts spaces between words: a word, or in Vietnamese a syllable.</summary>
    Word = 1,

    /// <summary>One character, with its marks, of a script without spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Myanmar.</summary>
    Character = 2,

    /// <summary>A run of one and the same symbol or punctuation mark, such as <c>!!!</c>.</summary>
    Symbol = 3,
}
