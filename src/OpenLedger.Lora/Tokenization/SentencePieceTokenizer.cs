using OpenLedger.Lora.Tokenization.SentencePiece;
using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tokenization;

/// <summary>
/// Tokenizers over pieces of text in which U+2581 stands for a space: LLaMA 1 and 2, Mistral, Gemma, ChatGLM. Read from a
/// SentencePiece model or from the <c>tokenizer.json</c> that says the same.
/// </summary>
/// <remarks>
/// <para>
/// Byte pair encoding, unigram, word and character models with their normalisation, byte fallback and user-defined symbols. A literal
/// U+2581 in text is a space, and text that the model normalises (compatibility forms, extra spaces) does not come back as it was: that
/// is how these models are made.
/// </para>
/// <para>Immutable and thread-safe.</para>
/// </remarks>
public sealed class SentencePieceTokenizer : Tokenizer
{
    private readonly SentencePieceDefinition _definition;
    private readonly SegmentedText _segments;
    private readonly Dictionary<string, int> _named;

    internal SentencePieceTokenizer(SentencePieceDefinition definition)
    {
        _definition = definition;
        _segments = new SegmentedText(definition.Normalizer, [.. definition.AddedTokens]);
        _named = new Dictionary<string, int>(definition.NamedIds, StringComparer.Ordinal);
        foreach (AddedToken token in definition.AddedTokens)
        {
            _named.TryAdd(token.Content, token.Id);
        }
    }

    /// <inheritdoc/>
    public override int VocabularySize => _definition.Bytes.Length;

    /// <inheritdoc/>
    public override SpecialTokenNames SpecialTokens => _definition.Roles;

    /// <inheritdoc/>
    public override IReadOnlyList<int> PromptPrefix => _definition.PromptPrefix;

    /// <inheritdoc/>
    public override IReadOnlyList<int> PromptSuffix => _definition.PromptSuffix;

    private protected override LeadingSpaces LeadingSpaces => _definition.LeadingSpaces;

    /// <inheritdoc/>
    public override IReadOnlyList<int> EncodeText(string text) => Encode(text, acceptsControl: false);

    /// <inheritdoc/>
    public override IReadOnlyList<int> EncodeMarkup(string text) => Encode(text, acceptsControl: true);

    /// <inheritdoc/>
    public override int? FindSpecial(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return _named.TryGetValue(content, out int id) ? id : null;
    }

    /// <inheritdoc/>
    public override bool IsSpecial(int id)
    {
        ThrowIfOutside(id);
        return _definition.IsSpecial[id];
    }

    internal override IReadOnlyList<int> EncodeContinuation(string text) =>
        EncodeText(LeadingSpaces != LeadingSpaces.Keep && text.Length > 1 && text[0] == ' ' ? text[1..] : text);

    /// <inheritdoc/>
    protected internal override ReadOnlySpan<byte> GetBytes(int id)
    {
        ThrowIfOutside(id);
        return _definition.Bytes[id];
    }

    private List<int> Encode(string text, bool acceptsControl)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>((text.Length / 3) + 4);
        _segments.Encode(UnicodeText.ReplaceLoneSurrogates(text), acceptsControl, EncodeSegment, ids);
        return ids;
    }

    private void EncodeSegment(string segment, bool isFirst, List<int> ids)
    {
        if (_definition.HasMetaspace && segment.Length > 0)
        {
            segment = segment.Replace(' ', SentencePieceNormalizer.Space);
            bool isMarked = _definition.SpaceMark == SpaceMark.Always || (isFirst && _definition.SpaceMark == SpaceMark.First);
            if (isMarked && segment[0] != SentencePieceNormalizer.Space)
            {
                segment = SentencePieceNormalizer.Space + segment;
            }
        }

        if (_definition.Splitter.IsEmpty)
        {
            _definition.Encoder.Encode(segment, ids);
            return;
        }

        foreach (WordSpan word in _definition.Splitter.Split(segment))
        {
            _definition.Encoder.Encode(segment.AsSpan(word.Start, word.Length), ids);
        }
    }
}
