using System.Buffers;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Given words, found whole and without regard to case.</summary>
internal sealed class DenyListRecognizer : IPiiRecognizer
{
    private readonly KeyValuePair<string, PersonalDataEntity>[] _entries;
    private readonly SearchValues<string> _words;

    public DenyListRecognizer(IReadOnlyDictionary<string, PersonalDataEntity> words)
    {
        _entries = [.. words.OrderByDescending(entry => entry.Key.Length)];
        _words = SearchValues.Create([.. _entries.Select(entry => entry.Key)], StringComparison.OrdinalIgnoreCase);
        Entities = [.. _entries.Select(entry => entry.Value).Distinct()];
    }

    public string Name => "DenyList";

    public IReadOnlyList<PersonalDataEntity> Entities { get; }

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> source = text.Text;
        int position = 0;
        while (position < source.Length)
        {
            int skip = source[position..].IndexOfAny(_words);
            if (skip < 0)
            {
                return;
            }

            int start = position + skip;
            position = start + 1;
            foreach ((string word, PersonalDataEntity entity) in _entries)
            {
                int end = start + word.Length;
                if (source[start..].StartsWith(word, StringComparison.OrdinalIgnoreCase)
                    && !(start > 0 && char.IsLetterOrDigit(source[start - 1]) && char.IsLetterOrDigit(word[0]))
                    && !(end < source.Length && char.IsLetterOrDigit(source[end]) && char.IsLetterOrDigit(word[^1])))
                {
                    candidates.Add(new PersonalDataCandidate(start, word.Length, entity, 1.0, "deny list"));
                    position = end;
                    break;
                }
            }
        }
    }
}
