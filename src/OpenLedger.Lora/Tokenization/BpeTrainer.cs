using System.Runtime.InteropServices;
using System.Text;

namespace OpenLedger.Lora.Tokenization;

/// <summary>
/// Learns a byte-level BPE vocabulary from text: split into words by the GPT-2 pattern, then merge the most frequent
/// pair of neighbours until the vocabulary is full (Sennrich et al. 2016; Radford et al. 2019 for the byte level).
/// </summary>
/// <remarks>
/// Equal frequencies are decided by the smaller pair of ids, so the result depends only on the multiset of words: not on
/// the order of texts, the machine or the run. It is the rule of the Hugging Face <c>tokenizers</c> trainer too.
/// </remarks>
public static class BpeTrainer
{
    /// <summary>Trains a vocabulary.</summary>
    /// <param name="texts">
    /// The corpus, read once and one text at a time; words do not span texts. Special tokens in it are ordinary text, so
    /// leave them out.
    /// </param>
    /// <param name="options">Size, special tokens and threshold; validated and copied.</param>
    /// <param name="cancellationToken">Stops the training.</param>
    /// <returns>Special tokens first, then the 256 bytes by code point of their stand-in, then merges as they were learnt.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is outside its range, or a text is null.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static BpeVocabulary Train(IEnumerable<string> texts, BpeTrainerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        Dictionary<string, long> wordCounts = CountWords(texts, cancellationToken);
        var state = new TrainingState(wordCounts, options);
        while (state.TokenCount < options.VocabularySize && state.TryMergeBestPair(options.MinimumFrequency))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return state.ToVocabulary(options);
    }

    private static Dictionary<string, long> CountWords(IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string? text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (text is null)
            {
                throw new ArgumentException("A text is null; leave it out or pass an empty one.", nameof(texts));
            }

            string valid = UnicodeText.ReplaceLoneSurrogates(text);
            for (int start = 0, end = 0; start < valid.Length; start = end)
            {
                end = SplitPattern.Gpt2.End(valid, start);
                ref long count = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, valid.AsSpan(start, end - start), out _);
                count++;
            }
        }

        return counts;
    }

    /// <summary>Words as symbol lists, the exact count of every pair, and where each pair may occur.</summary>
    private sealed class TrainingState
    {
        private readonly List<string> _tokens = [];
        private readonly Dictionary<string, int> _idOfToken = new(StringComparer.Ordinal);
        private readonly List<(string Left, string Right)> _merges = [];
        private readonly HashSet<string> _specials;
        private readonly int[][] _words;
        private readonly long[] _counts;
        private readonly Dictionary<(int Left, int Right), long> _pairCounts = [];
        private readonly Dictionary<(int Left, int Right), HashSet<int>> _wordsOfPair = [];

        // Entries are never updated in place: one whose count is out of date is put back with the true count when it surfaces.
        private readonly PriorityQueue<(int Left, int Right), (long Count, int Left, int Right)> _queue =
            new(Comparer<(long Count, int Left, int Right)>.Create(static (x, y) =>
                x.Count != y.Count ? y.Count.CompareTo(x.Count) : (x.Left, x.Right).CompareTo((y.Left, y.Right))));

        public TrainingState(Dictionary<string, long> wordCounts, BpeTrainerOptions options)
        {
            _specials = [.. options.SpecialTokens];
            foreach (string special in options.SpecialTokens)
            {
                AddToken(special);
            }

            var idOfByte = new int[256];
            foreach (char character in ByteAlphabet.InCodePointOrder)
            {
                ByteAlphabet.TryToByte(character, out byte value);
                idOfByte[value] = AddToken(character.ToString());
            }

            _words = new int[wordCounts.Count][];
            _counts = new long[wordCounts.Count];
            int word = 0;
            foreach ((string text, long count) in wordCounts)
            {
                _words[word] = Array.ConvertAll(Encoding.UTF8.GetBytes(text), value => idOfByte[value]);
                _counts[word] = count;
                AddPairs(word, count);
                word++;
            }

            foreach (((int left, int right), long count) in _pairCounts)
            {
                _queue.Enqueue((left, right), (count, left, right));
            }
        }

        public int TokenCount => _tokens.Count;

        public bool TryMergeBestPair(long minimumFrequency)
        {
            while (_queue.TryDequeue(out (int Left, int Right) pair, out (long Count, int, int) priority))
            {
                long count = _pairCounts.GetValueOrDefault(pair);
                if (count != priority.Count)
                {
                    if (count > 0)
                    {
                        _queue.Enqueue(pair, (count, pair.Left, pair.Right));
                    }

                    continue;
                }

                if (count < minimumFrequency)
                {
                    return false;
                }

                string merged = _tokens[pair.Left] + _tokens[pair.Right];
                if (!_specials.Contains(merged))
                {
                    Merge(pair, merged);
                    return true;
                }

                // Ordinary text must never become a control token: this pair stays apart for good.
            }

            return false;
        }

        public BpeVocabulary ToVocabulary(BpeTrainerOptions options) => new(_tokens, _merges, options.SpecialTokens, options.Roles);

        private void Merge((int Left, int Right) pair, string merged)
        {
            // Two different pairs can spell one token ("a"+"bc", "ab"+"c"): both rules are kept, the id is shared.
            int id = _idOfToken.TryGetValue(merged, out int known) ? known : AddToken(merged);
            _merges.Add((_tokens[pair.Left], _tokens[pair.Right]));

            var grown = new HashSet<(int Left, int Right)>();
            foreach (int word in _wordsOfPair[pair])
            {
                int[] before = _words[word];
                int[] after = ReplacePair(before, pair, id);
                if (after.Length == before.Length)
                {
                    continue;
                }

                AddPairs(word, -_counts[word]);
                _words[word] = after;
                AddPairs(word, _counts[word]);
                for (int i = 0; i + 1 < after.Length; i++)
                {
                    if (after[i] == id || after[i + 1] == id)
                    {
                        grown.Add((after[i], after[i + 1]));
                    }
                }
            }

            _wordsOfPair.Remove(pair);
            foreach ((int left, int right) in grown)
            {
                long count = _pairCounts[(left, right)];
                _queue.Enqueue((left, right), (count, left, right));
            }
        }

        private static int[] ReplacePair(int[] symbols, (int Left, int Right) pair, int id)
        {
            var after = new int[symbols.Length];
            int length = 0;
            for (int i = 0; i < symbols.Length; i++)
            {
                bool isPair = symbols[i] == pair.Left && i + 1 < symbols.Length && symbols[i + 1] == pair.Right;
                after[length++] = isPair ? id : symbols[i];
                i += isPair ? 1 : 0;
            }

            return length == symbols.Length ? symbols : after[..length];
        }

        private void AddPairs(int word, long count)
        {
            int[] symbols = _words[word];
            for (int i = 0; i + 1 < symbols.Length; i++)
            {
                (int, int) pair = (symbols[i], symbols[i + 1]);
                ref long total = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairCounts, pair, out _);
                total = checked(total + count);
                if (count > 0)
                {
                    ref HashSet<int>? words = ref CollectionsMarshal.GetValueRefOrAddDefault(_wordsOfPair, pair, out _);
                    (words ??= []).Add(word);
                }
            }
        }

        private int AddToken(string token)
        {
            int id = _tokens.Count;
            _tokens.Add(token);
            _idOfToken.Add(token, id);
            return id;
        }
    }
}
