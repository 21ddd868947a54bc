namespace OpenLedger.Lora.Tokenization;

/// <summary>Families whose tokenizer files leave out what only their program code says.</summary>
public enum TokenizerFamily
{
    /// <summary>Llama 3: ranks in the tiktoken format, the word pattern with digits in threes, and 256 special tokens after the ranks.</summary>
    Llama3,

    /// <summary>GLM-4: ranks in the tiktoken format, the same word pattern, and <c>[gMASK] &lt;sop&gt;</c> before a text.</summary>
    Glm4,

    /// <summary>ChatGLM-6B: line breaks, tabs and runs of spaces are symbols, and <c>[gMASK] &lt;sop&gt;</c> comes after a text.</summary>
    ChatGlm,

    /// <summary>ChatGLM2 and ChatGLM3: special ids above the SentencePiece vocabulary, and <c>[gMASK] sop</c> before a text.</summary>
    ChatGlm2,
}
