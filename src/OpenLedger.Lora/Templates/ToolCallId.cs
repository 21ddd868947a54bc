namespace OpenLedger.Lora.Templates;

/// <summary>Ids for calls that a model wrote without one.</summary>
internal static class ToolCallId
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Nine letters and digits, as Mistral demands, from the prompt: the same request has the same ids, later turns have others.</summary>
    public static string Create(ReadOnlySpan<int> prompt, int index)
    {
        // FNV-1a, 64 bits; index last, so that the calls of one answer differ.
        ulong hash = 14695981039346656037;
        foreach (int id in prompt)
        {
            hash = (hash ^ (uint)id) * 1099511628211;
        }

        hash = (hash ^ (uint)index) * 1099511628211;
        hash ^= hash >> 32;
        Span<char> text = stackalloc char[9];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = Digits[(int)(hash % 36)];
            hash /= 36;
        }

        return text.ToString();
    }
}
