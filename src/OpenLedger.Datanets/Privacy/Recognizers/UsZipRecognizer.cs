namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>United States ZIP codes after the abbreviation of a state: <c>Austin, TX 78701</c>.</summary>
internal sealed class UsZipRecognizer : IPiiRecognizer
{
    private const int ZipLength = 5;
    private const int ZipPlusFour = 10;
    private const double Score = 0.55;

    private static readonly HashSet<string> States =
    [
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN",
        "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA",
        "WA", "WV", "WI", "WY", "DC", "PR",
    ];

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> IsState = States.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Name => "UsZip";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.PostalCode];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        string source = text.Text;
        ReadOnlySpan<DigitRun> runs = text.DigitRuns;
        for (int i = 0; i < runs.Length; i++)
        {
            DigitRun run = runs[i];
            if (run.Length != ZipLength || run.Start < 3 || source[run.Start - 1] is not (' ' or '\u00A0')
                || (run.Start > 3 && char.IsLetterOrDigit(source[run.Start - 4]))
                || !IsState.Contains(source.AsSpan(run.Start - 3, 2)))
            {
                continue;
            }

            bool longer = i + 1 < runs.Length && runs[i + 1].Length == 4 && runs[i + 1].Start == run.End + 1 && source[run.End] == '-';
            int end = longer ? run.Start + ZipPlusFour : run.End;
            if (NumberShape.IsBounded(source, run.Start, end))
            {
                candidates.Add(new PersonalDataCandidate(run.Start, end - run.Start, PersonalDataEntity.PostalCode, Score, "state and ZIP code"));
            }
        }
    }
}
