namespace OpenLedger.Datanets.Validation;

/// <summary>One turn of a conversation in a record.</summary>
public sealed class ChatTurn
{
    internal ChatTurn(string? role, RecordText? content, string path)
    {
        Role = role;
        Content = content;
        Path = path;
    }

    /// <summary>
    /// <c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c> (spellings such as <c>human</c> and <c>gpt</c> are translated);
    /// another role as it is written; <see langword="null"/> where the turn names none.
    /// </summary>
    public string? Role { get; }

    /// <summary>What was said, or <see langword="null"/> where the turn holds no text.</summary>
    public RecordText? Content { get; }

    /// <summary>Where the turn stands, as a JSON path.</summary>
    public string Path { get; }
}
