namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>EUI-48 addresses in six pairs with <c>:</c> or <c>-</c>, or three groups of four with <c>.</c>.</summary>
internal sealed class MacAddressRecognizer : IPiiRecognizer
{
    private const int PairedLength = 17;
    private const int DottedLength = 14;

    // RFC 7042: 00-00-5E-00-53-00 to -FF are for documentation.
    private const string Documentation = "00:00:5E:00:53:";

    public string Name => "MacAddress";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.MacAddress];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> source = text.Text;
        int position = 0;
        while (true)
        {
            int skip = source[position..].IndexOfAny(':', '-', '.');
            if (skip < 0)
            {
                return;
            }

            int sign = position + skip;
            position = sign + 1;
            int length = source[sign] == '.' ? DottedLength : PairedLength;
            int start = sign - (source[sign] == '.' ? 4 : 2);
            if (start < 0 || start + length > source.Length || !Fits(source.Slice(start, length), source[sign], sign - start))
            {
                continue;
            }

            int end = start + length;
            if (Bounds(source, start - 1, source[sign]) && Bounds(source, end, source[sign]))
            {
                ReadOnlySpan<char> value = source.Slice(start, length);
                bool plain = !value.ContainsAnyInRange('1', '9') && !value.ContainsAnyInRange('a', 'e') && !value.ContainsAnyInRange('A', 'E');
                if (!plain && !value.StartsWith(Documentation, StringComparison.OrdinalIgnoreCase))
                {
                    CandidateScore.Add(
                        candidates, text, start, end, PersonalDataEntity.MacAddress, "EUI-48", ContextVocabulary.Mac,
                        source[sign] == '.' ? 0.6 : 0.9, supported: 1.0);
                }

                position = end;
            }
        }
    }

    private static bool Fits(ReadOnlySpan<char> value, char sign, int group)
    {
        for (int i = 0; i < value.Length; i++)
        {
            bool separator = i % (group + 1) == group;
            if (separator ? value[i] != sign : !char.IsAsciiHexDigit(value[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Bounds(ReadOnlySpan<char> text, int index, char sign) =>
        index < 0 || index >= text.Length || !(char.IsLetterOrDigit(text[index]) || text[index] == '_' || (text[index] == sign && sign != '.'));
}
