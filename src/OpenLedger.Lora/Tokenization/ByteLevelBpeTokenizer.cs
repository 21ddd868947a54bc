using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using OpenLedger.Lora.Tokenization.Bpe;
using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tokenization;

/// <summary>Byte-level BPE: the tokenizer of GPT-2, Llama 3, Qwen, DeepSeek, Falcon, GLM-4 and of <see cref="BpeTrainer"/>.</summary>
/// <remarks>
/// Text is cut into words by a pattern; inside a word pairs of bytes merge. Words of up to 32 UTF-16 units are remembered, in a table of
/// fixed size. A vocabulary may lack control characters (Falcon does): they are left out of the ids, as by its authors' library.
/// Immutable to its callers and thread-safe.
/// </remarks>
public sealed class ByteLevelBpeTokenizer : Tokenizer
{
    private readonly SegmentedText _segments;
    private readonly WordSplitter _splitter;
    private readonly WordSplitter _byteSplitter;
    private readonly bool _addsPrefixSpace;
    private readonly int[] _idOfByte;
    private readonly PairTable _pairs;
    private readonly byte[][] _bytes;
    private readonly bool[] _isSpecial;
    private readonly Dictionary<string, int> _addedTokens;
    private readonly WordCache _cache = new();

    // Whole words that keep their id; null where the merges alone decide.
    private readonly Dictionary<string, int>? _wholeWords;

    internal ByteLevelBpeTokenizer(ByteLevelBpeDefinition definition)
    {
        ByteLevelBpeValidation.Check(definition);
        VocabularySize = ByteLevelBpeValidation.CountIds(definition);
        SpecialTokens = definition.Roles;
        PromptPrefix = definition.PromptPrefix;
        PromptSuffix = definition.PromptSuffix;
        _splitter = new WordSplitter(definition.Splits);
        _byteSplitter = new WordSplitter(definition.ByteSplits);
        _addsPrefixSpace = definition.AddsPrefixSpace;
        _segments = new SegmentedText(definition.Normalizer, [.. definition.AddedTokens]);
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

        // No merge makes or takes a control token or an unused one, so text cannot reach its id.
        HashSet<string> unreachable = [.. definition.AddedTokens.Where(token => token.IsControl).Select(token => token.Content), .. definition.UnusedTokens];
        var ordinary = new Dictionary<string, int>(definition.Vocabulary.Where(token => !unreachable.Contains(token.Key)), StringComparer.Ordinal);
        _wholeWords = definition.IgnoreMerges ? ordinary : null;
        _idOfByte = [.. Enumerable.Range(0, 256).Select(value => ordinary.GetValueOrDefault(ByteAlphabet.ToCharacter((byte)value).ToString(), -1))];
        _pairs = definition.Merges is null ? PairsByRank(ordinary) : PairsByRule(ordinary, definition.Merges);
    }

    /// <inheritdoc/>
    public override int VocabularySize { get; }

    /// <inheritdoc/>
    public override SpecialTokenNames SpecialTokens { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> PromptPrefix { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> PromptSuffix { get; }

    /// <summary>Reads the tokenizer of a folder like <see cref="Tokenizer.Load"/>, and refuses one of another kind.</summary>
    /// <param name="folder">A folder in the Hugging Face layout.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is null or empty.</exception>
    /// <exception cref="TokenizerFormatException">
    /// A file is missing, malformed or larger than 64 MB, needs a component that is not implemented, or is no byte-level BPE.
    /// </exception>
    public static ByteLevelBpeTokenizer Load(string folder) => Tokenizer.Load(folder) as ByteLevelBpeTokenizer
        ?? throw new TokenizerFormatException(
            TokenizerFormatError.UnsupportedComponent, $"'{folder}': the tokenizer is no byte-level BPE; load it with Tokenizer.Load.");

    /// <inheritdoc/>
    public override IReadOnlyList<int> EncodeText(string text) => Encode(text, acceptsControl: false);

    /// <inheritdoc/>
    public override IReadOnlyList<int> EncodeMarkup(string text) => Encode(text, acceptsControl: true);

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

    private static PairTable PairsByRule(Dictionary<string, int> tokens, IReadOnlyList<(string Left, string Right)> merges)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        var pairs = new PairTable(merges.Count);
        Span<char> joined = stackalloc char[256];
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (string left, string right) = merges[rank];
            Span<char> token = left.Length + right.Length <= joined.Length ? joined : new char[left.Length + right.Length];
            left.CopyTo(token);
            right.CopyTo(token[left.Length..]);
            if (tokens.TryGetValue(left, out int leftId) && tokens.TryGetValue(right, out int rightId)
                && lookup.TryGetValue(token[..(left.Length + right.Length)], out int result))
            {
                pairs.TryAdd(leftId, rightId, rank, result);
            }
        }

        return pairs;
    }

    private static PairTable PairsByRank(Dictionary<string, int> tokens)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        var pairs = new PairTable(tokens.Count * 2);
        foreach ((string token, int id) in tokens)
        {
            for (int cut = 1; cut < token.Length; cut++)
            {
                if (lookup.TryGetValue(token.AsSpan(0, cut), out int left) && lookup.TryGetValue(token.AsSpan(cut), out int right))
                {
                    pairs.TryAdd(left, right, id, id);
                }
            }
        }

        return pairs;
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
        if (_addsPrefixSpace && segment.Length > 0 && segment[0] != ' ')
        {
            segment = ' ' + segment;
        }

        if (_splitter.Tiling is { } pattern)
        {
            ReadOnlySpan<char> text = segment;
            for (int start = 0; start < text.Length;)
            {
                int end = pattern.End(text, start);
                EncodeWord(text[start..end], ids);
                start = end;
            }

            return;
        }

        foreach (WordSpan word in _splitter.Split(segment))
        {
            EncodeWord(segment.AsSpan(word.Start, word.Length), ids);
        }
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        int[]? known = _cache.Find(word, out int place);
        if (known is not null)
        {
            ids.AddRange(known.AsSpan());
            return;
        }

        int first = ids.Count;
        char[] rented = ArrayPool<char>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(word.Length));
        ReadOnlySpan<char> standIns = rented.AsSpan(0, ByteAlphabet.Encode(word, rented));
        if (_byteSplitter.IsEmpty)
        {
            EncodeStandIns(standIns, ids);
        }
        else
        {
            foreach (WordSpan part in _byteSplitter.Split(standIns))
            {
                EncodeStandIns(standIns.Slice(part.Start, part.Length), ids);
            }
        }

        ArrayPool<char>.Shared.Return(rented);
        _cache.Store(word, place, CollectionsMarshal.AsSpan(ids)[first..]);
    }

    private void EncodeStandIns(ReadOnlySpan<char> standIns, List<int> ids)
    {
        if (_wholeWords is not null && _wholeWords.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(standIns, out int whole))
        {
            ids.Add(whole);
            return;
        }

        int[] rented = ArrayPool<int>.Shared.Rent(standIns.Length);
        int count = 0;
        foreach (char standIn in standIns)
        {
            _ = ByteAlphabet.TryToByte(standIn, out byte value);
            rented[count] = _idOfByte[value];
            count += rented[count] >= 0 ? 1 : 0;
        }

        Span<int> symbols = rented.AsSpan(0, count);
        ids.AddRange(symbols[..PairMerger.Merge(symbols, _pairs)]);
        ArrayPool<int>.Shared.Return(rented);
    }
}
