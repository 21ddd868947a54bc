namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>What the shingles of a text are made of. Names and numbers are stable.</summary>
public enum ShingleTokens
{
    /// <summary>
    /// What stands between white space; a character of a script that is written without spaces (Chinese, Japanese, Thai, Lao, Khmer,
    /// Burmese, Tibetan) is a word by itself, so that mixed collections need no choice.
    /// </summary>
    Words = 1,

    /// <summary>Every character but white space, for collections in a script without spaces, or for short texts with many misspellings.</summary>
    Characters = 2,

    /// <summary>What stands between white space, tone marks kept: Vietnamese, where <c>ma</c>, <c>má</c> and <c>mà</c> are three words.</summary>
    Syllables = 3,
}
