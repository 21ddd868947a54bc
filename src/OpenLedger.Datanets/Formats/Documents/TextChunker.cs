namespace OpenLedger.Datanets.Formats;

/// <summary>Cuts text into pieces of at most a length: between paragraphs, else sentences, else words, else characters.</summary>
internal static class TextChunker
{
    /// <summary>Cuts a text. The pieces are trimmed; without overlap and white space they put together are the text.</summary>
    /// <param name="text">Line breaks are LF.</param>
    /// <param name="maxLength">UTF-16 units; at least 2.</param>
    /// <param name="overlap">UTF-16 units of a piece's end that the next repeats; at most half of <paramref name="maxLength"/>.</param>
    public static IEnumerable<string> Split(string text, int maxLength, int overlap)
    {
        int start = SkipSpace(text, 0);
        int fresh = start; // what no piece holds yet
        while (fresh < text.Length)
        {
            int end = FindEnd(text, start, fresh, maxLength);
            string piece = text[start..end].TrimEnd();
            if (piece.Length > 0)
            {
                yield return piece;
            }

            fresh = SkipSpace(text, end);
            start = fresh < text.Length ? FindOverlap(text, start, end, fresh, overlap) : fresh;
        }
    }

    /// <summary>The end of the piece that begins at <paramref name="start"/>; always beyond <paramref name="fresh"/>.</summary>
    private static int FindEnd(string text, int start, int fresh, int maxLength)
    {
        if (text.Length - start <= maxLength)
        {
            return text.Length;
        }

        int limit = start + maxLength;
        ReadOnlySpan<char> window = text.AsSpan(fresh, limit - fresh);
        int paragraph = window.LastIndexOf("\n\n");
        if (paragraph > 0)
        {
            return fresh + paragraph;
        }

        int sentence = -1;
        for (int i = window.Length - 2; i > 0 && sentence < 0; i--)
        {
            bool isWide = window[i] is '。' or '！' or '？';
            sentence = isWide || ((window[i] is '.' or '!' or '?') && char.IsWhiteSpace(window[i + 1])) ? i + 1 : -1;
        }

        if (sentence > window.Length / 2)
        {
            return fresh + sentence;
        }

        for (int i = window.Length - 1; i > 0; i--)
        {
            if (char.IsWhiteSpace(window[i]))
            {
                return fresh + i;
            }
        }

        return char.IsHighSurrogate(text[limit - 1]) && limit - 1 > fresh ? limit - 1 : limit;
    }

    private static int FindOverlap(string text, int start, int end, int fresh, int overlap)
    {
        if (overlap == 0)
        {
            return fresh;
        }

        int from = Math.Max(start + 1, end - overlap);
        while (from < end && !char.IsWhiteSpace(text[from - 1]))
        {
            from++;
        }

        return from < end ? SkipSpace(text, from) : fresh;
    }

    private static int SkipSpace(string text, int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position;
    }
}
