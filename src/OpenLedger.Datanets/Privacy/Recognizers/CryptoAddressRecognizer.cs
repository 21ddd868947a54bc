namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Bitcoin addresses with their checksums, Bitcoin keys in wallet import format, Ethereum addresses and keys by shape.</summary>
/// <remarks>A 32-byte hexadecimal number is a key, a hash or a transaction alike: the words around it decide.</remarks>
internal sealed class CryptoAddressRecognizer : IPiiRecognizer
{
    private const int EthereumAddressLength = 42;
    private const int EthereumKeyLength = 66;
    private const int HexKeyLength = 64;
    private const int MaxBech32 = 90;
    private const double EthereumScore = 0.6;
    private const double PrefixedKeyScore = 0.5;

    public string Name => "CryptoAddress";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.CryptoAddress, PersonalDataEntity.PrivateKey];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        foreach (TextToken token in text.Tokens)
        {
            if (token.Length is < 26 or > MaxBech32 || !StandsAlone(text.Text, token.Start, token.End))
            {
                continue;
            }

            ReadOnlySpan<char> value = text.Text.AsSpan(token.Start, token.Length);
            if (token.Length is EthereumAddressLength or EthereumKeyLength && value.StartsWith("0x") && IsHex(value[2..]))
            {
                if (token.Length == EthereumAddressLength)
                {
                    Add(text, token, candidates, PersonalDataEntity.CryptoAddress, "Ethereum address", ContextVocabulary.Crypto, EthereumScore, 0.9);
                }
                else if (HexKeyIsPlausible(value[2..]))
                {
                    Add(text, token, candidates, PersonalDataEntity.PrivateKey, "64 hexadecimal digits", ContextVocabulary.PrivateKey, PrefixedKeyScore, 0.95);
                }
            }
            else if (token.Length == HexKeyLength && IsHex(value) && HexKeyIsPlausible(value))
            {
                Add(text, token, candidates, PersonalDataEntity.PrivateKey, "64 hexadecimal digits", ContextVocabulary.PrivateKey, 0, 0.9);
            }
            else
            {
                FindBitcoin(value, token, candidates);
            }
        }
    }

    private static void FindBitcoin(ReadOnlySpan<char> value, TextToken token, ICollection<PersonalDataCandidate> candidates)
    {
        if (value.Length >= 14 && value[..3] is "bc1" or "tb1" or "BC1" or "TB1"
            && !(value.ContainsAnyInRange('a', 'z') && value.ContainsAnyInRange('A', 'Z')))
        {
            if (Checksums.SegwitAddress(value))
            {
                candidates.Add(new PersonalDataCandidate(token.Start, token.Length, PersonalDataEntity.CryptoAddress, 1.0, "bech32 checksum"));
            }
        }
        else if (value.Length <= 35 && value[0] is '1' or '3' or 'm' or 'n' or '2')
        {
            if (Checksums.Base58Check(value, out byte version) == 21 && version is 0 or 5 or 111 or 196)
            {
                candidates.Add(new PersonalDataCandidate(token.Start, token.Length, PersonalDataEntity.CryptoAddress, 1.0, "Base58Check"));
            }
        }
        else if (value.Length is 51 or 52 && value[0] is '5' or 'K' or 'L' or '9' or 'c'
            && Checksums.Base58Check(value, out byte network) is 33 or 34 && network is 0x80 or 0xEF)
        {
            candidates.Add(new PersonalDataCandidate(
                token.Start, token.Length, PersonalDataEntity.PrivateKey, 1.0, "wallet import format, Base58Check"));
        }
    }

    private static void Add(
        PersonalDataText text,
        TextToken token,
        ICollection<PersonalDataCandidate> candidates,
        PersonalDataEntity entity,
        string evidence,
        ContextWords words,
        double alone,
        double supported) => CandidateScore.Add(candidates, text, token.Start, token.End, entity, evidence, words, alone, supported);

    private static bool IsHex(ReadOnlySpan<char> value)
    {
        foreach (char c in value)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    // Padded addresses and small numbers fill most of the 64 digits with zeros; a key never does.
    private static bool HexKeyIsPlausible(ReadOnlySpan<char> digits) => digits.Count('0') < 24 && SecretShape.Entropy(digits) > 2.5;

    private static bool StandsAlone(string text, int start, int end) =>
        (start == 0 || !(char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '_'))
        && (end == text.Length || !(char.IsLetterOrDigit(text[end]) || text[end] == '_'));
}
