namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Numbers that only context identifies, each given by a <see cref="ContextualNumberRule"/>.</summary>
internal sealed class ContextualNumberRecognizer : IPiiRecognizer
{
    private const int MaxGroups = 6;
    private const int MinGroup = 3;

    private readonly ContextualNumberRule _rule;

    public ContextualNumberRecognizer(ContextualNumberRule rule)
    {
        _rule = rule;
        Entities = [rule.Entity];
    }

    public string Name => _rule.Entity.Name;

    public IReadOnlyList<PersonalDataEntity> Entities { get; }

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<DigitRun> runs = text.DigitRuns;
        for (int i = 0; i < runs.Length; i++)
        {
            if (runs[i].Length < (_rule.JoinsGroups ? MinGroup : _rule.MinDigits))
            {
                continue;
            }

            int last = i;
            int digits = runs[i].Length;
            while (_rule.JoinsGroups && last + 1 < runs.Length && last - i < MaxGroups && runs[last + 1].Start == runs[last].End + 1
                && text.Text[runs[last].End] is ' ' or '-' or '.' && runs[last + 1].Length >= MinGroup && digits + runs[last + 1].Length <= _rule.MaxLength)
            {
                digits += runs[++last].Length;
            }

            if (digits >= _rule.MinDigits && digits <= _rule.MaxLength && NumberShape.IsBounded(text.Text, runs[i].Start, runs[last].End))
            {
                Add(text, runs[i].Start, runs[last].End, candidates);
                i = last;
            }
        }

        if (_rule.MaxLetters > 0)
        {
            FindTokens(text, candidates);
        }
    }

    private void FindTokens(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        foreach (TextToken token in text.Tokens)
        {
            if (token.Length > _rule.MaxLength)
            {
                continue;
            }

            int letters = 0;
            foreach (char c in text.Text.AsSpan(token.Start, token.Length))
            {
                letters += char.IsAsciiLetter(c) ? 1 : 0;
            }

            if (letters <= _rule.MaxLetters && token.Length - letters >= _rule.MinDigits
                && TokenIdRecognizer.StandsAlone(text.Text, token.Start, token.End))
            {
                Add(text, token.Start, token.End, candidates);
            }
        }
    }

    private void Add(PersonalDataText text, int start, int end, ICollection<PersonalDataCandidate> candidates)
    {
        if (text.FindContext(start, end - start, _rule.Context) is { Kind: ContextKind.Supporting, Word: string word })
        {
            candidates.Add(new PersonalDataCandidate(start, end - start, _rule.Entity, _rule.Supported, $"number, context '{word}'"));
        }
    }
}
