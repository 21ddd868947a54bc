using System.Text;
using Microsoft.ML.Tokenizers;

namespace OpenLedger.Lora.Tokenization;

/// <summary>Byte-level BPE, the tokenizer of GPT-2, Llama 3, Qwen and of <see cref="BpeTrainer"/>.</summary>
/// <remarks>
/// <para>
/// Merging is done by <see cref="BpeTokenizer"/> of Microsoft.ML.Tokenizers. Around it this class adds what that one
/// lacks: a reader of <c>tokenizer.json</c>, text that cannot become control tokens, words cut as their author meant above
/// U+FFFF, <c>ignore_merges</c>, and decoding that skips special tokens.
/// </para>
/// <para>Immutable and thread-safe.</para>
/// </remarks>
public sealed class ByteLevelBpeTokenizer : Tokenizer
{
    private readonly BpeTokenizer _merger;
    private readonly WordSplitter _splitter;
    private readonly byte[][] _bytes;
    private readonly bool[] _isSpecial;
    private readonly Dictionary<string, int> _addedTokens;
    private readonly bool _normalizeToNfc;

    // Whole words that keep their id; null where the merges alone decide.
    private readonly Dictionary<string, int>? _wholeWords;

    internal ByteLevelBpeTokenizer(ByteLevelBpeDefinition definition)
    {
        ByteLevelBpeValidation.Check(definition);
        VocabularySize = ByteLevelBpeValidation.CountIds(definition);
        SpecialTokens = definition.Roles;
        _splitter = new WordSplitter(definition.Splits);
        _normalizeToNfc = definition.NormalizeToNfc;
        _addedTokens = definition.AddedTokens.ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal);

        _isSpecial = new bool[VocabularySize];
        _bytes = new byte[VocabularySize][];
        foreach ((string token, int id) in definition.Vocabulary)
        {
            // A token with a character outside the byte alphabet can only come from decoding: it stands for itself.
            _bytes[id] = ByteAlphabet.TryDecode(token) ?? Encoding.UTF8.GetBytes(token);
        }

        foreach (AddedToken token in definition.AddedTokens)
        {
            _isSpecial[token.Id] = token.IsSpecial;
            _bytes[token.Id] = token.IsSpecial ? [] : Encoding.UTF8.GetBytes(token.Content);
        }

        // Special tokens are unknown to the merger, and so are merges that would spell one: text cannot reach their ids.
        HashSet<string> specials = [.. definition.AddedTokens.Where(token => token.IsSpecial).Select(token => token.Content)];
        KeyValuePair<string, int>[] ordinary = [.. definition.Vocabulary.Where(token => !specials.Contains(token.Key))];
        _wholeWords = definition.IgnoreMerges ? new Dictionary<string, int>(ordinary, StringComparer.Ordinal) : null;
        _merger = BpeTokenizer.Create(new BpeOptions(ordinary)
        {
            ByteLevel = true,
            Merges = definition.Merges
                .Where(merge => !specials.Contains(merge.Left) && !specials.Contains(merge.Right)
                    && !specials.Contains(merge.Left + merge.Right))
                .Select(merge => $"{merge.Left} {merge.Right}"),
            PreTokenizer = _splitter,
        });
    }

    /// <inheritdoc/>
    public override int VocabularySize { get; }

    /// <inheritdoc/>
    public override SpecialTokenNames SpecialTokens { get; }

    /// <summary>
    /// Reads <c>tokenizer.json</c>, or where it is absent <c>vocab.json</c> with <c>merges.txt</c>; and
    /// <c>tokenizer_config.json</c> where it is there.
    /// </summary>
    /// <param name="folder">A folder in the Hugging Face layout.</param>
    /// <returns>The tokenizer. A post-processor that adds tokens around text is not applied by <see cref="EncodeText"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is null or empty.</exception>
    /// <exception cref="TokenizerFormatException">
    /// A file is missing, malformed, or needs a component other than byte-level BPE with the word patterns of GPT-2,
    /// Llama 3, Qwen 2 or DeepSeek Coder; the message names it.
    /// </exception>
    public static ByteLevelBpeTokenizer Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        bool isOldLayout = !File.Exists(Path.Combine(folder, TokenizerFiles.TokenizerJson))
            && File.Exists(Path.Combine(folder, TokenizerFiles.VocabularyJson));
        return new ByteLevelBpeTokenizer(isOldLayout ? VocabularyAndMergesReader.Read(folder) : TokenizerJsonReader.Read(folder));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> EncodeText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string valid = UnicodeText.ReplaceLoneSurrogates(text);
        if (_normalizeToNfc)
        {
            valid = valid.Normalize(NormalizationForm.FormC);
        }

        if (_wholeWords is null)
        {
            return _merger.EncodeToIds(valid, considerPreTokenization: true, considerNormalization: false);
        }

        var ids = new List<int>();
        foreach ((int offset, int length) in _splitter.Split(valid))
        {
            string word = valid.Substring(offset, length);
            if (_wholeWords.TryGetValue(ByteAlphabet.Encode(Encoding.UTF8.GetBytes(word)), out int id))
            {
                ids.Add(id);
            }
            else
            {
                ids.AddRange(_merger.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
            }
        }

        return ids;
    }

    /// <inheritdoc/>
    public override int? FindSpecial(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return _addedTokens.TryGetValue(content, out int id) ? id : null;
    }

    /// <inheritdoc/>
    public override bool IsSpecial(int id)
    {
        ThrowIfOutside(id);
        return _isSpecial[id];
    }

    /// <inheritdoc/>
    protected internal override ReadOnlySpan<byte> GetBytes(int id)
    {
        ThrowIfOutside(id);
        return _bytes[id];
    }

    private void ThrowIfOutside(int id)
    {
        if ((uint)id >= (uint)VocabularySize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(id), id, $"The vocabulary has the ids 0 to {VocabularySize - 1}; take ids from EncodeText or mask the model's padding rows.");
        }
    }
}
