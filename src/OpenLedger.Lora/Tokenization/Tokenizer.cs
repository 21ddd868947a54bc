namespace OpenLedger.Lora.Tokenization;

/// <summary>Turns text into the token ids of one model, and ids back into text.</summary>
/// <remarks>
/// <para>
/// Text and control tokens never mix: <see cref="EncodeText"/> encodes a literal <c>&lt;|end|&gt;</c> in the text as
/// ordinary characters, so text from users cannot forge a turn of a conversation. Whoever builds a prompt puts control
/// tokens between the pieces by their id, from <see cref="FindSpecial"/>.
/// </para>
/// <para>Instances are immutable and may be used from several threads at once. They are costly to load: share them.</para>
/// </remarks>
public abstract class Tokenizer
{
    /// <summary>The number of ids: every id is at least 0 and below this.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>What the model's author named as the beginning, end and padding of a sequence.</summary>
    public abstract SpecialTokenNames SpecialTokens { get; }

    /// <summary>
    /// What the model's author puts before a text: the begin token of LLaMA, <c>[gMASK] sop</c> of ChatGLM2. Empty where the files name
    /// nothing; <see cref="EncodeText"/> never adds it, because a conversation is encoded in several pieces.
    /// </summary>
    public virtual IReadOnlyList<int> PromptPrefix => [];

    /// <summary>What the model's author puts after a text, for example <c>[gMASK] sop</c> of ChatGLM-6B. Mostly empty.</summary>
    public virtual IReadOnlyList<int> PromptSuffix => [];

    private protected virtual LeadingSpaces LeadingSpaces => LeadingSpaces.Keep;

    /// <summary>
    /// Reads whichever tokenizer a folder holds: <c>tokenizer.json</c>; else a SentencePiece model (<c>tokenizer.model</c>,
    /// <c>spiece.model</c>, <c>ice_text.model</c>, <c>*.spm</c>); else <c>vocab.json</c> with <c>merges.txt</c>; else tiktoken ranks. And
    /// <c>tokenizer_config.json</c> where it is there. Or the tokenizer in the metadata of a <c>.gguf</c> file.
    /// </summary>
    /// <param name="path">A folder of a model in its published layout, or a GGUF file.</param>
    /// <param name="options">What the files do not say; null where they say everything. Validated and copied.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty, or an option is outside its range.</exception>
    /// <exception cref="TokenizerFormatException">
    /// A file is missing, malformed or larger than 64 MB, or needs a component that is not implemented; the message names it.
    /// </exception>
    /// <exception cref="ModelFormatException">The GGUF file is damaged.</exception>
    public static Tokenizer Load(string path, TokenizerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options?.Validate();
        return TokenizerFiles.Load(path, options?.Family);
    }

    /// <summary>Encodes one text between what the model's author puts around it.</summary>
    /// <param name="text">The text, by the rules of <see cref="EncodeText"/>.</param>
    /// <returns><see cref="PromptPrefix"/>, the ids of the text, <see cref="PromptSuffix"/>; they belong to the caller.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public IReadOnlyList<int> EncodePrompt(string text) => [.. PromptPrefix, .. EncodeText(text), .. PromptSuffix];

    /// <summary>
    /// Encodes text in which control tokens are written out, as a chat template renders it. Never pass text from users: what they write
    /// becomes control tokens too.
    /// </summary>
    /// <param name="text">Text of which every part is trusted.</param>
    /// <returns>The ids, which belong to the caller.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public virtual IReadOnlyList<int> EncodeMarkup(string text) => EncodeText(text);

    /// <summary>
    /// Encodes text; control tokens inside it are ordinary text, and none is put before or after it. Tokens that the author added as
    /// text (runs of white space, for example) are matched.
    /// </summary>
    /// <param name="text">The text. A surrogate without its partner is encoded as U+FFFD, as every UTF-8 encoder does.</param>
    /// <returns>The ids, which belong to the caller; empty for empty text.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public abstract IReadOnlyList<int> EncodeText(string text);

    /// <summary>Looks up an added (control) token by its exact content.</summary>
    /// <param name="content">For example <c>&lt;|end|&gt;</c>.</param>
    /// <returns>Its id, or null where the tokenizer has no such added token.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="content"/> is null.</exception>
    public abstract int? FindSpecial(string content);

    /// <summary>Whether an id is a control token, which <see cref="Decode"/> skips.</summary>
    /// <param name="id">An id, at least 0 and below <see cref="VocabularySize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="id"/> is outside the vocabulary.</exception>
    public abstract bool IsSpecial(int id);

    /// <summary>Decodes ids to text; special tokens are skipped.</summary>
    /// <param name="ids">Ids, each at least 0 and below <see cref="VocabularySize"/>.</param>
    /// <returns>The text. Bytes that are not valid UTF-8 become U+FFFD.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is outside the vocabulary.</exception>
    public virtual string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>(ids.Length * 4);
        var filter = new LeadingSpaceFilter(LeadingSpaces);
        foreach (int id in ids)
        {
            bytes.AddRange(filter.Apply(GetBytes(id)));
        }

        return System.Text.Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>Starts decoding ids one at a time, for streaming.</summary>
    /// <returns>A new detokenizer without history; it belongs to the caller.</returns>
    public IncrementalDetokenizer CreateDetokenizer() => new(this, LeadingSpaces);

    /// <summary>The bytes of UTF-8 text that one id stands for: none for a special token, maybe part of a character.</summary>
    /// <param name="id">An id, at least 0 and below <see cref="VocabularySize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="id"/> is outside the vocabulary.</exception>
    protected internal abstract ReadOnlySpan<byte> GetBytes(int id);

    /// <summary>
    /// Encodes text that follows a control token. Where the model writes a space before every text, a space at the beginning is that one:
    /// <c>[INST] Hello</c> is the control token and <c>▁Hello</c>, not <c>▁▁Hello</c>.
    /// </summary>
    internal virtual IReadOnlyList<int> EncodeContinuation(string text) => EncodeText(text);

    private protected void ThrowIfOutside(int id)
    {
        if ((uint)id >= (uint)VocabularySize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(id), id, $"The vocabulary has the ids 0 to {VocabularySize - 1}; take ids from EncodeText or mask the model's padding rows.");
        }
    }
}
