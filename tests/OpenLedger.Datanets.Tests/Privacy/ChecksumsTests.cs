using OpenLedger.Datanets.Privacy;

namespace OpenLedger.Datanets.Tests.Privacy;

/// <summary>Numbers that the issuers or the standards publish as examples.</summary>
public class ChecksumsTests
{
    private delegate bool Check(ReadOnlySpan<byte> digits);

    private static readonly Dictionary<string, Check> Numeric = new()
    {
        ["Luhn"] = Checksums.Luhn,
        ["Verhoeff"] = Checksums.Verhoeff,
        ["Nhs"] = Checksums.Nhs,
        ["Pesel"] = Checksums.Pesel,
        ["Tfn"] = Checksums.Tfn,
        ["Abn"] = Checksums.Abn,
        ["GermanTaxId"] = Checksums.GermanTaxId,
        ["Nir"] = Checksums.Nir,
        ["Bsn"] = Checksums.Bsn,
        ["Cpf"] = Checksums.Cpf,
        ["Cnpj"] = Checksums.Cnpj,
        ["Vietnam"] = Checksums.VietnameseTaxCode,
        ["Routing"] = Checksums.RoutingNumber,
    };

    [Theory]
    [InlineData("Luhn", "79927398713")]
    [InlineData("Luhn", "4111111111111111")]
    [InlineData("Luhn", "378282246310005")]
    [InlineData("Luhn", "5555555555554444")]
    [InlineData("Luhn", "6011111111111117")]
    [InlineData("Luhn", "3530111333300000")]
    [InlineData("Luhn", "30569309025904")]
    [InlineData("Luhn", "4222222222222")]
    [InlineData("Verhoeff", "2363")]
    [InlineData("Verhoeff", "999941057058")]
    [InlineData("Verhoeff", "234123412346")]
    [InlineData("Nhs", "9434765919")]
    [InlineData("Nhs", "4010232137")]
    [InlineData("Pesel", "44051401359")]
    [InlineData("Pesel", "02070803628")]
    [InlineData("Tfn", "123456782")]
    [InlineData("Abn", "51824753556")]
    [InlineData("Abn", "53004085616")]
    [InlineData("GermanTaxId", "86095742719")]
    [InlineData("GermanTaxId", "47036892816")]
    [InlineData("GermanTaxId", "65929970489")]
    [InlineData("Nir", "255081416802538")]
    [InlineData("Nir", "151024610204325")]
    [InlineData("Bsn", "111222333")]
    [InlineData("Bsn", "123456782")]
    [InlineData("Cpf", "52998224725")]
    [InlineData("Cpf", "11144477735")]
    [InlineData("Cnpj", "11222333000181")]
    [InlineData("Cnpj", "11444777000161")]
    [InlineData("Vietnam", "0100109106")]
    [InlineData("Vietnam", "0101248141")]
    [InlineData("Vietnam", "0300588569")]
    [InlineData("Routing", "021000021")]
    [InlineData("Routing", "011000015")]
    public void Check_PublishedNumber_HoldsAndOneWrongDigitDoesNot(string name, string number)
    {
        Check check = Numeric[name];
        byte[] digits = Digits(number);
        Assert.True(check(digits));

        // Every one of these checks sees most single wrong digits; Luhn, Verhoeff and the prime moduli see all.
        int unseen = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            for (byte d = 0; d < 10; d++)
            {
                byte[] wrong = [.. digits];
                wrong[i] = d;
                unseen += d != digits[i] && check(wrong) ? 1 : 0;
            }
        }

        Assert.Equal(0, unseen);
    }

    [Theory]
    [InlineData("0000000000000000")]
    [InlineData("4111111111111112")]
    public void Luhn_ZerosOrWrongDigit_IsRefused(string number) => Assert.False(Checksums.Luhn(Digits(number)));

    [Theory]
    [InlineData("GB82WEST12345698765432", true)]
    [InlineData("DE89370400440532013000", true)]
    [InlineData("FR1420041010050500013M02606", true)]
    [InlineData("SA0380000000608010167519", true)]
    [InlineData("NL91ABNA0417164300", true)]
    [InlineData("NL92ABNA0417164300", false)]
    [InlineData("NL91ABNA0417164030", false)]
    public void Iban_PublishedNumber_IsJudged(string iban, bool valid) => Assert.Equal(valid, Checksums.Iban(iban));

    [Theory]
    [InlineData("12345678Z", true)]
    [InlineData("X1234567L", true)]
    [InlineData("Y1234567X", true)]
    [InlineData("Z1234567R", true)]
    [InlineData("12345678A", false)]
    public void Nif_PublishedNumber_IsJudged(string id, bool valid) => Assert.Equal(valid, Checksums.Nif(id));

    [Theory]
    [InlineData("RSSMRA85T10A562S", true)]
    [InlineData("MRTMTT25D09F205Z", true)]
    [InlineData("RSSMRA85T10A562T", false)]
    public void FiscalCode_PublishedCode_IsJudged(string code, bool valid) => Assert.Equal(valid, Checksums.FiscalCode(code));

    [Theory]
    [InlineData("S1234567D", true)]
    [InlineData("T1234567J", true)]
    [InlineData("F1234567N", true)]
    [InlineData("G1234567X", true)]
    [InlineData("S1234567E", false)]
    public void Nric_PublishedNumber_IsJudged(string id, bool valid) => Assert.Equal(valid, Checksums.Nric(id));

    [Theory]
    [InlineData("11010519491231002X", true)]
    [InlineData("110105194912310021", false)]
    [InlineData("11010519491331002X", false)]
    public void ChineseResidentId_ExampleOfTheStandard_IsJudged(string id, bool valid) => Assert.Equal(valid, Checksums.ChineseResidentId(id));

    [Theory]
    [InlineData("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", 21, 0)]
    [InlineData("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", 21, 5)]
    [InlineData("5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", 33, 0x80)]
    [InlineData("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", 0, 0)]
    [InlineData("1A1zP1eP5QGefi2DMPTfTL5SLmv7Div0Na", 0, 0)]
    [InlineData("1", 0, 0)]
    public void Base58Check_KnownAddress_GivesPayloadLength(string text, int length, int version)
    {
        Assert.Equal(length, Checksums.Base58Check(text, out byte found));
        Assert.True(length == 0 || found == version);
    }

    [Theory]
    [InlineData("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", true)]
    [InlineData("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", true)]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", true)]
    [InlineData("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp", false)]
    [InlineData("bc1bar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", false)]
    public void SegwitAddress_VectorsOfTheProposals_AreJudged(string address, bool valid) =>
        Assert.Equal(valid, Checksums.SegwitAddress(address));

    [Theory]
    [InlineData(2000, 2, 29, true)]
    [InlineData(1900, 2, 29, false)]
    [InlineData(2024, 13, 1, false)]
    [InlineData(0, 1, 1, false)]
    [InlineData(2024, 4, 31, false)]
    public void IsDate_Day_IsJudged(int year, int month, int day, bool exists) => Assert.Equal(exists, Checksums.IsDate(year, month, day));

    private static byte[] Digits(string number) => [.. number.Select(c => (byte)(c - '0'))];
}
