using System.Globalization;
using System.Text;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Contamination;

/// <summary>The words of a text as a contamination index compares them, each as a 64-bit hash.</summary>
/// <remarks>
/// The text normalisation of huggingface/datatrove: small letters, punctuation and symbols left out, each number the same word,
/// diacritics removed; so "Élan, 3.5!" is "elan 0". Characters of Chinese, Japanese and Thai are words. Case is folded by the simple
/// mappings of the runtime, accents are taken off by this assembly's own tables, so the hashes are the same on every machine.
/// </remarks>
internal static class ContaminationText
{
    // Written into index documents: a change to any line below needs another name.
    public const string Normalizer = "openledger-contamination/1";

    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    public static (ulong[] Hashes, TextToken[] Tokens) Words(string text)
    {
        IReadOnlyList<TextToken> tokens = TextSegmenter.Tokens(text);
        List<ulong> hashes = new(tokens.Count);
        List<TextToken> words = new(tokens.Count);
        foreach (TextToken token in tokens)
        {
            if (token.IsWord && HashOf(token.Of(text)) is ulong hash)
            {
                hashes.Add(hash);
                words.Add(token);
            }
        }

        return ([.. hashes], [.. words]);
    }

    /// <summary>FNV-1a over the normalised UTF-16 of a word, mixed; null when nothing is left of it, as of a stray mark.</summary>
    private static ulong? HashOf(ReadOnlySpan<char> word)
    {
        ulong hash = FnvOffset;
        bool isEmpty = true;
        bool inNumber = false;
        foreach (Rune rune in word.EnumerateRunes())
        {
            bool isDigit = Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;
            bool isInnerPoint = inNumber && rune.Value is '.' or ',';
            if (isDigit || isInnerPoint)
            {
                hash = isDigit && !inNumber ? Add(hash, '0') : hash; // 3.5, 3 and 1,234.5 are all "0"
                isEmpty = false;
                inNumber = true;
                continue;
            }

            inNumber = false;
            if (!Rune.IsLetterOrDigit(rune))
            {
                continue; // marks, apostrophes, joiners
            }

            isEmpty = false;
            int lower = Rune.ToLowerInvariant(rune).Value;
            if (BaseLetters.Of(lower) is int[] letters)
            {
                foreach (int letter in letters)
                {
                    hash = Add(hash, letter);
                }
            }
            else
            {
                hash = Add(hash, lower);
            }
        }

        return isEmpty ? null : Mix(hash);
    }

    private static ulong Add(ulong hash, int scalar)
    {
        unchecked
        {
            for (int shift = 0; shift < 24; shift += 8)
            {
                hash = (hash ^ (byte)(scalar >> shift)) * FnvPrime;
            }

            return hash;
        }
    }

    /// <summary>The finaliser of SplitMix64: spreads every bit of the hash over all.</summary>
    public static ulong Mix(ulong hash)
    {
        unchecked
        {
            hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
            hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
            return hash ^ (hash >> 31);
        }
    }
}
