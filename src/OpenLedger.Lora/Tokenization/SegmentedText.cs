using OpenLedger.Lora.Tokenization.Normalization;

namespace OpenLedger.Lora.Tokenization;

/// <summary>
/// Takes text apart as the Hugging Face library does: added tokens that are matched in raw text, then normalisation of the stretches
/// between them, then added tokens that are matched in normalised text.
/// </summary>
internal sealed class SegmentedText
{
    private readonly ITextNormalizer _normalizer;
    private readonly AddedTokenMatcher _raw;
    private readonly AddedTokenMatcher _normalized;

    public SegmentedText(ITextNormalizer normalizer, IReadOnlyCollection<AddedToken> tokens)
    {
        _normalizer = normalizer;

        // A control token is never text, so no normalisation applies to it; files that flag it so (Llama 2) would find it only after a space.
        _raw = new AddedTokenMatcher(tokens.Where(token => token.IsControl || !token.IsNormalized).Select(token => (token.Content, token)));
        _normalized = new AddedTokenMatcher(tokens.Where(token => !token.IsControl && token.IsNormalized).Select(token => (normalizer.Normalize(token.Content), token)));
    }

    /// <summary>Encodes each stretch between added tokens by <paramref name="encode"/>, whose flag says whether text begins there.</summary>
    public void Encode(string text, bool acceptsControl, Action<string, bool, List<int>> encode, List<int> ids)
    {
        if (!Searches(_raw))
        {
            Normalized(text, isFirst: true);
            return;
        }

        _raw.Split(text, acceptsControl, (span, token) =>
        {
            if (token is not null)
            {
                ids.Add(token.Id);
            }
            else
            {
                Normalized(text.Substring(span.Start, span.Length), isFirst: span.Start == 0);
            }
        });

        void Normalized(string stretch, bool isFirst)
        {
            string normal = _normalizer.Normalize(stretch);
            if (!Searches(_normalized))
            {
                encode(normal, isFirst, ids);
                return;
            }

            _normalized.Split(normal, acceptsControl, (span, token) =>
            {
                if (token is not null)
                {
                    ids.Add(token.Id);
                }
                else
                {
                    encode(normal.Substring(span.Start, span.Length), isFirst && span.Start == 0, ids);
                }
            });
        }

        bool Searches(AddedTokenMatcher matcher) => acceptsControl ? matcher.HasAny : matcher.HasText;
    }
}
