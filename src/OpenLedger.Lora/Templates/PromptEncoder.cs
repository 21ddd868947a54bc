using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OpenLedger.Lora.Templates.Jinja;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Templates;

/// <summary>Turns a rendered prompt into ids: control tokens where the template wrote them, plain text everywhere else.</summary>
/// <remarks>
/// A control token counts only where all its characters are the template's own. Text is cut at these tokens and nowhere else, which is
/// where Hugging Face cuts too, so a word that is half the template's and half the user's keeps the ids it has there.
/// </remarks>
internal static class PromptEncoder
{
    // Longer than every control token of the families this package knows; tokenizers offer no list of theirs.
    private const int LongestControlToken = 64;

    // A template writes the same few texts between messages again and again.
    private const int MaxCachedTexts = 256;
    private const int MaxCachedLength = 8192;

    private static readonly ConditionalWeakTable<Tokenizer, ConcurrentDictionary<string, (int Id, int Start, int Length)[]>> Caches = [];

    public static List<int> Encode(MarkedText prompt, Tokenizer tokenizer)
    {
        List<int> ids = [];
        int pending = 0;
        foreach (MarkedRun run in prompt.Runs())
        {
            if (run.IsOutside)
            {
                continue;
            }

            foreach ((int id, int start, int length) in FindAll(prompt.Value.Substring(run.Start, run.Length), tokenizer))
            {
                AddText(prompt.Value, pending, run.Start + start);
                ids.Add(id);
                pending = run.Start + start + length;
            }
        }

        AddText(prompt.Value, pending, prompt.Length);
        return ids;

        void AddText(string text, int start, int end)
        {
            if (end > start)
            {
                ids.AddRange(start == 0 ? tokenizer.EncodeText(text[start..end]) : tokenizer.EncodeContinuation(text[start..end]));
            }
        }
    }

    private static (int Id, int Start, int Length)[] FindAll(string text, Tokenizer tokenizer)
    {
        ConcurrentDictionary<string, (int Id, int Start, int Length)[]> cache = Caches.GetOrCreateValue(tokenizer);
        if (cache.TryGetValue(text, out (int Id, int Start, int Length)[]? known))
        {
            return known;
        }

        List<(int Id, int Start, int Length)> found = [];
        for (int at = 0; at < text.Length;)
        {
            if (FindAt(text, at, Math.Min(LongestControlToken, text.Length - at), tokenizer) is var (id, length))
            {
                found.Add((id, at, length));
                at += length;
            }
            else
            {
                at++;
            }
        }

        (int Id, int Start, int Length)[] result = [.. found];
        if (cache.Count < MaxCachedTexts && text.Length <= MaxCachedLength)
        {
            cache.TryAdd(text, result);
        }

        return result;
    }

    /// <summary>The longest control token at a place, as Hugging Face finds it.</summary>
    private static (int Id, int Length)? FindAt(string text, int at, int longest, Tokenizer tokenizer)
    {
        for (int length = longest; length > 0; length--)
        {
            if (tokenizer.FindSpecial(text.Substring(at, length)) is int id)
            {
                return (id, length);
            }
        }

        return null;
    }
}
