namespace OpenLedger.Lora.Gguf;

/// <summary>Kinds of tokens in <c>tokenizer.ggml.token_type</c>; the numbers are those of the format (and of SentencePiece).</summary>
public enum GgufTokenType
{
    /// <summary>Not stated.</summary>
    Undefined = 0,

    /// <summary>A piece of text.</summary>
    Normal = 1,

    /// <summary>Stands for text outside the vocabulary.</summary>
    Unknown = 2,

    /// <summary>A control token, which user text must not produce.</summary>
    Control = 3,

    /// <summary>Text that is always one token.</summary>
    UserDefined = 4,

    /// <summary>A slot without meaning.</summary>
    Unused = 5,

    /// <summary>One byte, written <c>&lt;0x0A&gt;</c>.</summary>
    Byte = 6,
}
