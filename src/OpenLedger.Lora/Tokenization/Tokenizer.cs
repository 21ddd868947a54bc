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

    /// <summary>Encodes text; added tokens inside it are ordinary text, and none is put before or after it.</summary>
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
        foreach (int id in ids)
        {
            bytes.AddRange(GetBytes(id));
        }

        return System.Text.Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>Starts decoding ids one at a time, for streaming.</summary>
    /// <returns>A new detokenizer without history; it belongs to the caller.</returns>
    public IncrementalDetokenizer CreateDetokenizer() => new(this);

    /// <summary>The bytes of UTF-8 text that one id stands for: none for a special token, maybe part of a character.</summary>
    /// <param name="id">An id, at least 0 and below <see cref="VocabularySize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="id"/> is outside the vocabulary.</exception>
    protected internal abstract ReadOnlySpan<byte> GetBytes(int id);
}
