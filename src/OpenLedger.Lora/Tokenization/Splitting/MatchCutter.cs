namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>Cuts at the matches of a pattern: what lies between two matches is a word, and <paramref name="behavior"/> says what a match is.</summary>
/// <param name="pattern">Finds the matches.</param>
/// <param name="behavior">What becomes of a match.</param>
/// <param name="isInverted">Whether the roles of match and gap are exchanged.</param>
internal sealed class MatchCutter(IMatchPattern pattern, CutBehavior behavior, bool isInverted = false) : WordCutter
{
    public override void Cut(ReadOnlySpan<char> text, int origin, List<WordSpan> words)
    {
        int first = words.Count;
        bool wasMatch = false;
        int gap = 0;
        for (int from = 0; from < text.Length && pattern.TryFind(text, from, out int start, out int end);)
        {
            if (start > gap)
            {
                Add(gap, start, isInverted);
            }

            Add(start, end, !isInverted);
            gap = from = end;
        }

        if (gap < text.Length)
        {
            Add(gap, text.Length, isInverted);
        }

        void Add(int start, int end, bool isMatch)
        {
            var word = new WordSpan(origin + start, end - start);
            bool joins = words.Count > first && behavior switch
            {
                CutBehavior.Contiguous => isMatch == wasMatch,
                CutBehavior.MergedWithPrevious => isMatch && !wasMatch,
                CutBehavior.MergedWithNext => !isMatch && wasMatch,
                _ => false,
            };
            wasMatch = isMatch;
            if (joins)
            {
                words[^1] = words[^1] with { Length = words[^1].Length + word.Length };
            }
            else if (!isMatch || behavior != CutBehavior.Removed)
            {
                words.Add(word);
            }
        }
    }
}
