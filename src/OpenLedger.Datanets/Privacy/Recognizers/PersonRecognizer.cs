using System.Buffers;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Names after a title or a phrase, Vietnamese full names by their family name, and members called <c>name</c>.</summary>
/// <remarks>Precise rather than complete: a name without such a sign is not found; see docs/datanets/privacy.md for the recall.</remarks>
internal sealed class PersonRecognizer : IPiiRecognizer
{
    private const int MaxWords = 4;
    private const int MaxWord = 24;
    private const double Score = 0.65;

    private static readonly string[] Leads =
    [
        "Mr. ", "Mrs. ", "Ms. ", "Dr. ", "Prof. ", "Mr ", "Mrs ", "Miss ", "Madam ", "my name is ", "My name is ", "name is ", "call me ", "Call me ",
        "last name? ", "your name? ", "people call me ", "calls me ", "partner's name ", "named him ", "named her ", "Dear ", "ông ", "Ông ", "bà ",
        "Bà ", "anh ", "Anh ", "chị ", "Chị ", "tên là ", "tên tôi là ", "tôi tên ", "Tôi tên ", "họ tên: ", "Họ tên: ", "họ và tên: ", "Họ và tên: ",
        "Name: ", "name: ", "Name:    ",
    ];

    private static readonly string[] FamilyNames =
    [
        "Nguyễn ", "Trần ", "Lê ", "Phạm ", "Hoàng ", "Huỳnh ", "Phan ", "Vũ ", "Võ ", "Đặng ", "Bùi ", "Đỗ ", "Hồ ", "Ngô ", "Dương ", "Lý ",
        "Đinh ", "Trịnh ", "Trương ", "Lương ",
    ];

    private static readonly HashSet<string> NotNames =
    [
        "The", "This", "That", "Sir", "Madam", "Please", "What", "Where", "When", "Who", "How", "Your", "My", "It", "He", "She", "They", "We", "I",
        "Chí", "Thái", "Hà", "Việt", "Nam", "Hiring", "All", "Team", "Customer", "User",
    ];

    // Streets, wards, schools and hospitals bear the names of the dead.
    private static readonly string[] Namesakes =
    [
        "đường ", "phố ", "phường ", "quận ", "trường ", "cầu ", "chợ ", "bệnh viện ", "viện ", "công viên ", "hẻm ", "ngõ ", "học ", "trung học ",
        "tiểu học ", "thpt ", "sân bay ", "giải ", "nhà ", "triều ", "vua ",
    ];

    private static readonly SearchValues<string> LeadValues = SearchValues.Create([.. Leads, .. FamilyNames], StringComparison.Ordinal);

    public string Name => "Person";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.Person];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        string source = text.Text;
        int position = 0;
        while (position < source.Length)
        {
            int skip = source.AsSpan(position).IndexOfAny(LeadValues);
            if (skip < 0)
            {
                break;
            }

            int lead = position + skip;
            position = lead + 1;
            if (lead > 0 && char.IsLetterOrDigit(source[lead - 1]))
            {
                continue;
            }

            ReadOnlySpan<char> rest = source.AsSpan(lead);
            bool family = Longest(rest, FamilyNames) is > 0;
            if (family && IsNamesake(source.AsSpan(0, lead)))
            {
                continue;
            }

            int start = family ? lead : lead + Longest(rest, Leads);
            while (start < source.Length && source[start] == ' ')
            {
                start++;
            }

            int end = NameEnd(source, start, out int words);
            if (end > start && (!family || words >= 2))
            {
                candidates.Add(new PersonalDataCandidate(
                    start, end - start, PersonalDataEntity.Person, Score, family ? "Vietnamese family name" : "title or phrase before a name"));
                position = end;
            }
        }

        if (source.Length is > 1 and <= 64 && IsNameLabel(text.Label) && NameEnd(source, 0, out _) == source.Length)
        {
            candidates.Add(new PersonalDataCandidate(0, source.Length, PersonalDataEntity.Person, 0.8, "value of a member called name"));
        }
    }

    private static bool IsNameLabel(string label) => TextFolding.Fold(label) is "name" or "full_name" or "fullname" or "first_name" or "last_name"
        or "customer_name" or "ho ten" or "ho va ten" or "ho_ten" or "hoten" or "ten";

    private static bool IsNamesake(ReadOnlySpan<char> before)
    {
        foreach (string thing in Namesakes)
        {
            if (before.EndsWith(thing, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static int Longest(ReadOnlySpan<char> rest, string[] values)
    {
        int longest = 0;
        foreach (string value in values)
        {
            if (value.Length > longest && rest.StartsWith(value, StringComparison.Ordinal))
            {
                longest = value.Length;
            }
        }

        return longest;
    }

    private static int NameEnd(string text, int start, out int words)
    {
        words = 0;
        int end = start;
        int position = start;
        while (words < MaxWords && position < text.Length && char.IsUpper(text[position]))
        {
            int first = position;
            while (position < text.Length && position - first <= MaxWord
                && (char.IsLetter(text[position]) || text[position] is >= '\u0300' and <= '\u036F'
                    || (text[position] is '-' or '\'' or '’' && position + 2 < text.Length && char.IsUpper(text[position + 1]))))
            {
                position++;
            }

            if (position - first is < 2 or > MaxWord || NotNames.Contains(text[first..position]))
            {
                break;
            }

            words++;
            end = position;
            if (position >= text.Length || text[position] != ' ')
            {
                break;
            }

            position++;
        }

        return end;
    }
}
