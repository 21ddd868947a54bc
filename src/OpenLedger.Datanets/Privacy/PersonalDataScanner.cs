using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Privacy.Recognizers;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Privacy;

/// <summary>Finds personal data and secrets in text and in records by patterns, checks and context words.</summary>
/// <remarks>
/// Linear in the length of the text. Names of people, places and organisations are mostly out of reach of rules: a text without findings
/// is not anonymous. Immutable and safe for concurrent use.
/// </remarks>
public sealed class PersonalDataScanner
{
    private readonly IPiiRecognizer[] _recognizers;
    private readonly HashSet<PersonalDataEntity>? _entities;
    private readonly string[] _allowList;
    private readonly KeyValuePair<string, PersonalDataEntity>[] _denyList;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _allowed;
    private readonly bool _scanNumbers;

    /// <summary>Makes a scanner.</summary>
    /// <param name="options">The options, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is illegal; the message names every fault.</exception>
    public PersonalDataScanner(PersonalDataScannerOptions? options = null)
    {
        options ??= new PersonalDataScannerOptions();
        options.Validate();
        Threshold = options.Threshold;
        _allowList = [.. options.AllowList.Order(StringComparer.Ordinal)];
        _denyList = [.. options.DenyList.OrderBy(entry => entry.Key, StringComparer.Ordinal)];
        _entities = options.Entities is null ? null : [.. options.Entities];
        _allowed = options.AllowList.Count == 0 ? null
            : options.AllowList.ToHashSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _scanNumbers = options.ScanNumbers;
        List<IPiiRecognizer> recognizers = [.. options.Recognizers.Where(r => _entities is null || r.Entities.Any(_entities.Contains))];
        if (options.DenyList.Count > 0)
        {
            recognizers.Add(new DenyListRecognizer(options.DenyList));
        }

        _recognizers = [.. recognizers];
        Entities =
        [
            .. _recognizers.SelectMany(r => r.Entities).Distinct().Where(entity => _entities?.Contains(entity) ?? true)
                .OrderBy(entity => entity.Code, StringComparer.Ordinal),
        ];
    }

    /// <summary>Least score that is reported.</summary>
    public double Threshold { get; }

    /// <summary>Every entity that can be reported, ordered by code.</summary>
    public IReadOnlyList<PersonalDataEntity> Entities { get; }

    /// <summary>Scans a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>What was found, ordered by position; no two overlap.</returns>
    /// <exception cref="InvalidOperationException">A recogniser of your own reported a place outside the text or an illegal score.</exception>
    public IReadOnlyList<PersonalDataSpan> Scan(string text) => Scan(new PersonalDataText(text));

    /// <summary>Scans a text that has a name where it stands, which counts as context.</summary>
    /// <param name="text">The text and its label; one thread at a time.</param>
    /// <returns>What was found, ordered by position; no two overlap.</returns>
    /// <exception cref="InvalidOperationException">A recogniser of your own reported a place outside the text or an illegal score.</exception>
    public IReadOnlyList<PersonalDataSpan> Scan(PersonalDataText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<PersonalDataCandidate> candidates = [];
        List<(PersonalDataCandidate Candidate, int Recognizer)> kept = [];
        for (int i = 0; i < _recognizers.Length; i++)
        {
            candidates.Clear();
            _recognizers[i].Find(text, candidates);
            foreach (PersonalDataCandidate candidate in candidates)
            {
                if (Accepts(text.Text, candidate, _recognizers[i]))
                {
                    kept.Add((candidate, i));
                }
            }
        }

        return kept.Count == 0 ? [] : Settle(text.Text.Length, kept);
    }

    /// <summary>Scans every text of a record, and its whole numbers where the options say so.</summary>
    /// <param name="record">The record.</param>
    /// <returns>What was found, in the order of the canonical payload.</returns>
    /// <exception cref="InvalidOperationException">A recogniser of your own reported a place outside the text or an illegal score.</exception>
    public IReadOnlyList<PersonalDataFinding> Scan(DatanetRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        List<PersonalDataFinding> findings = [];
        foreach (LabelledText leaf in LabelledText.Of(record.Element, _scanNumbers))
        {
            foreach (PersonalDataSpan span in Scan(new PersonalDataText(leaf.Text, leaf.Label)))
            {
                findings.Add(new PersonalDataFinding(leaf.Path, span));
            }
        }

        return findings;
    }

    internal bool ScansNumbers => _scanNumbers;

    /// <summary>All settings; of the lists, which may be personal data themselves, a digest.</summary>
    internal JsonObject Describe() => new()
    {
        ["allowList"] = DigestOf(_allowList),
        ["denyList"] = DigestOf([.. _denyList.SelectMany(entry => (string[])[entry.Key, entry.Value.Code])]),
        ["entities"] = new JsonArray([.. Entities.Select(entity => (JsonNode)entity.Code)]),
        ["recognizers"] = new JsonArray([.. _recognizers.Select(recognizer => (JsonNode)recognizer.Name)]),
        ["scanNumbers"] = _scanNumbers,
        ["threshold"] = Threshold,
        ["version"] = PersonalDataRecognizers.Version,
    };

    private static string? DigestOf(string[] words) => words.Length == 0
        ? null
        : Sha256Digest.Of(CanonicalJson.Serialize(new JsonArray([.. words.Select(word => (JsonNode)word)]))).ToString();

    private bool Accepts(string text, PersonalDataCandidate candidate, IPiiRecognizer recognizer)
    {
        bool inside = candidate.Start >= 0 && candidate.Length > 0 && candidate.Start <= text.Length - candidate.Length;
        if (!inside || !(candidate.Score is >= 0 and <= 1) || candidate.Entity is null)
        {
            throw new InvalidOperationException(
                $"Recogniser '{recognizer.Name}' reported start {candidate.Start}, length {candidate.Length}, score {candidate.Score} for a text of "
                + $"{text.Length}; the place must be inside the text, the score from 0 to 1 and the entity set.");
        }

        return candidate.Score >= Threshold
            && (_entities is null || _entities.Contains(candidate.Entity))
            && !(_allowed is { } allowed && allowed.Contains(text.AsSpan(candidate.Start, candidate.Length)));
    }

    // The better score wins, then the longer span, then the earlier one, then the earlier recogniser.
    private PersonalDataSpan[] Settle(int length, List<(PersonalDataCandidate Candidate, int Recognizer)> kept)
    {
        kept.Sort(static (a, b) =>
        {
            int order = b.Candidate.Score.CompareTo(a.Candidate.Score);
            order = order != 0 ? order : b.Candidate.Length.CompareTo(a.Candidate.Length);
            order = order != 0 ? order : a.Candidate.Start.CompareTo(b.Candidate.Start);
            order = order != 0 ? order : a.Recognizer.CompareTo(b.Recognizer);
            return order != 0 ? order : string.CompareOrdinal(a.Candidate.Entity.Name, b.Candidate.Entity.Name);
        });
        bool[]? taken = kept.Count == 1 ? null : new bool[length];
        List<PersonalDataSpan> spans = [];
        foreach ((PersonalDataCandidate candidate, int recognizer) in kept)
        {
            Span<bool> place = taken is null ? [] : taken.AsSpan(candidate.Start, candidate.Length);
            if (place.Contains(true))
            {
                continue;
            }

            place.Fill(true);
            spans.Add(new PersonalDataSpan
            {
                Start = candidate.Start,
                Length = candidate.Length,
                Entity = candidate.Entity,
                Score = candidate.Score,
                Recognizer = _recognizers[recognizer].Name,
                Why = candidate.Why,
            });
        }

        spans.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return [.. spans];
    }
}
