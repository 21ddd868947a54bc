using System.Globalization;
using System.Text;

namespace OpenLedger.Lora.Tokenization.Normalization;

/// <summary>What the program code of ChatGLM-6B does to white space: symbols for line breaks, tabs and runs of spaces.</summary>
/// <param name="mostBlanks">The longest run of spaces with a symbol.</param>
internal sealed class ChatGlmTextNormalizer(int mostBlanks) : ITextNormalizer
{
    public const string LineBreak = "<n>";
    public const string Tab = "<|tab|>";

    public static string Blanks(int count) => string.Create(CultureInfo.InvariantCulture, $"<|blank_{count}|>");

    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int blanks = text.AsSpan(at).IndexOfAnyExcept(' ');
            blanks = Math.Min(blanks < 0 ? text.Length - at : blanks, mostBlanks);
            if (blanks > 1)
            {
                result.Append(Blanks(blanks));
                at += blanks;
                continue;
            }

            _ = text[at] switch
            {
                '\n' => result.Append(LineBreak),
                '\t' => result.Append(Tab),
                char other => result.Append(other),
            };
            at++;
        }

        return result.ToString();
    }
}
