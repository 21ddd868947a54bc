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

            for (int at = run.Start; at < run.Start + run.Length;)
            {
                int longest = Math.Min(LongestControlToken, run.Start + run.Length - at);
                if (FindAt(prompt.Value, at, longest, tokenizer) is not var (id, length))
                {
                    at++;
                    continue;
                }

                AddText(prompt.Value, pending, at);
                ids.Add(id);
                at += length;
                pending = at;
            }
        }

        AddText(prompt.Value, pending, prompt.Length);
        return ids;

        void AddText(string text, int start, int end)
        {
            if (end > start)
            {
                ids.AddRange(tokenizer.EncodeText(text[start..end]));
            }
        }
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
