namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Numbers of fixed length with a check, each given by a <see cref="NumericIdRule"/>.</summary>
internal sealed class NumericIdRecognizer : IPiiRecognizer
{
    private const int MaxDigits = 32;

    private readonly NumericIdRule _rule;

    public NumericIdRecognizer(NumericIdRule rule)
    {
        _rule = rule;
        Entities = [rule.Entity];
    }

    public string Name => _rule.Entity.Name;

    public IReadOnlyList<PersonalDataEntity> Entities { get; }

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<DigitRun> runs = text.DigitRuns;
        Span<byte> digits = stackalloc byte[MaxDigits];
        foreach (int i in text.NumberStarts)
        {
            foreach (NumberShape shape in _rule.Shapes)
            {
                int end = shape.Match(text.Text, runs, i, digits);
                if (end > 0 && _rule.Check(digits[..shape.Digits]) && !shape.IsPartOfLonger(text.Text, runs, i))
                {
                    double alone = shape.IsFormatted ? _rule.Formatted : _rule.Plain;
                    CandidateScore.Add(
                        candidates, text, runs[i].Start, end, _rule.Entity, _rule.Evidence, _rule.Context, alone, _rule.Supported);
                    break;
                }
            }
        }
    }
}
