using System.Text;

namespace OpenLedger.Lora.Tokenization;

/// <summary>Makes any .NET string valid Unicode.</summary>
internal static class UnicodeText
{
    /// <summary>Returns the text with U+FFFD for every surrogate without its partner; the same instance where there is none.</summary>
    public static string ReplaceLoneSurrogates(string text)
    {
        for (int i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                {
                    return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
                }

                i++;
            }
        }

        return text;
    }
}
