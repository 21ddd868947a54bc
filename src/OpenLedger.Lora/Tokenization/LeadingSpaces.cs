namespace OpenLedger.Lora.Tokenization;

/// <summary>Which spaces at the beginning of decoded text come from encoding, not from the text.</summary>
internal enum LeadingSpaces
{
    /// <summary>None.</summary>
    Keep,

    /// <summary>The first character, if it is a space.</summary>
    DropOne,

    /// <summary>A space at the beginning of each token, until one has more than that (SentencePiece that removes extra spaces).</summary>
    DropPerToken,

    /// <summary>All of the first token (the Hugging Face decoder <c>Metaspace</c>).</summary>
    DropOfFirstToken,
}

/// <summary>Applies a rule token by token; one instance per text.</summary>
internal struct LeadingSpaceFilter(LeadingSpaces rule)
{
    private bool _isDone = rule == LeadingSpaces.Keep;

    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> token)
    {
        if (_isDone || token.IsEmpty)
        {
            return token;
        }

        ReadOnlySpan<byte> rest = rule == LeadingSpaces.DropOfFirstToken ? token.TrimStart((byte)' ') : token[0] == ' ' ? token[1..] : token;
        _isDone = rule != LeadingSpaces.DropPerToken || !rest.IsEmpty;
        return rest;
    }
}
