namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Ids of letters and digits without separators, each given by a <see cref="TokenIdRule"/>.</summary>
internal sealed class TokenIdRecognizer : IPiiRecognizer
{
    private const int MaxLength = 24;
    private const double SmallLetterPenalty = 0.5;

    private readonly TokenIdRule _rule;

    public TokenIdRecognizer(TokenIdRule rule)
    {
        _rule = rule;
        Entities = [rule.Entity];
    }

    public string Name => _rule.Entity.Name;

    public IReadOnlyList<PersonalDataEntity> Entities { get; }

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        Span<char> capitals = stackalloc char[MaxLength];
        foreach (TextToken token in text.Tokens)
        {
            if (token.Length > MaxLength)
            {
                continue;
            }

            foreach (string shape in _rule.Shapes)
            {
                if (shape.Length != token.Length)
                {
                    continue;
                }

                ReadOnlySpan<char> written = text.Text.AsSpan(token.Start, token.Length);
                written.ToUpperInvariant(capitals);
                ReadOnlySpan<char> id = capitals[..token.Length];
                if (Fits(shape, id) && StandsAlone(text.Text, token.Start, token.End) && _rule.Check(id))
                {
                    double alone = written.ContainsAnyInRange('a', 'z') ? _rule.Alone - SmallLetterPenalty : _rule.Alone;
                    CandidateScore.Add(
                        candidates, text, token.Start, token.End, _rule.Entity, _rule.Evidence, _rule.Context, alone, _rule.Supported);
                    break;
                }
            }
        }
    }

    public static bool StandsAlone(string text, int start, int end) =>
        (start == 0 || !(char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '/' or '-' or '+' or '='))
        && (end == text.Length || !(char.IsLetterOrDigit(text[end]) || text[end] is '_' or '/' or '-' or '+' or '='));

    private static bool Fits(string shape, ReadOnlySpan<char> id)
    {
        for (int i = 0; i < shape.Length; i++)
        {
            bool fits = shape[i] switch
            {
                'A' => char.IsAsciiLetter(id[i]),
                '9' => char.IsAsciiDigit(id[i]),
                '*' => true,
                char literal => id[i] == literal,
            };
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }
}
