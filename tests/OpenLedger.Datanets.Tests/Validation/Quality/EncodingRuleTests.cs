using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Tests.Validation.Quality;

public class EncodingRuleTests
{
    private static readonly EncodingRule Rule = new();

    [Theory]
    [InlineData("cafÃ©", "mojibake")]
    [InlineData("itâ€™s here", "mojibake")]
    [InlineData("Itâ\u0080\u0099s", "mojibake")] // Latin-1, which keeps C1 controls
    [InlineData("Â£5 and Â© me", "mojibake")]
    [InlineData("Tiáº¿ng Viá»‡t ráº¥t Ä‘áº¹p", "mojibake")]
    [InlineData("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "mojibake")]
    [InlineData("ä¸\u00ADæ–‡å\u00AD—", "mojibake")]
    [InlineData("ðŸ˜€", "mojibake")]
    [InlineData("half \uFFFD way", "replacement_character")]
    [InlineData("bell\u0007", "control_character")]
    [InlineData("del\u007F", "control_character")]
    [InlineData("form\ffeed", "control_character")]
    [InlineData("next\u0085line", "control_character")]
    [InlineData("nul\0", "control_character")]
    [InlineData("access \u202Elevel", "direction_control")]
    [InlineData("a\u2066b\nc\u2069", "direction_control")] // closed only on the next line
    [InlineData("a\u202Cb", "direction_control")]
    [InlineData("zero\u200Bwidth", "zero_width")]
    [InlineData("pass\u200Dword", "zero_width")]
    [InlineData("\uFEFFmark", "zero_width")]
    [InlineData("hid\U000E0041den", "zero_width")]
    [InlineData("blank\u3164", "zero_width")]
    [InlineData("icon \uE000", "private_use")]
    [InlineData("icon \U000F0001", "private_use")]
    [InlineData("Z\u0301\u0302\u0303\u0304\u0305\u0306algo", "excessive_marks")]
    public void Examine_BrokenText_IsFound(string text, string code)
    {
        string[] codes = RuleTesting.Codes(Rule, text);
        Assert.Contains(code, codes);
        if (!text.Contains('\u0080', StringComparison.Ordinal))
        {
            Assert.Equal([code], codes);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain\ttext\r\nwith lines\n")]
    [InlineData("café, naïve, Ångström, “quotes” — and … £5 © 2024")]
    [InlineData("AMANHÃ” e MAÇÃ…")]
    [InlineData("«LIBERTÉ» et «ÉGALITÉ»")]
    [InlineData("«ya está»…")]
    [InlineData("Tiếng Việt: Ă ă Â â Đ đ Ê ê Ô ô Ơ ơ Ư ư")]
    [InlineData("می\u200Cخواهم क्\u200Dष")]
    [InlineData("👨\u200D👩\u200D👧 ❤\uFE0F\u200D🔥 👩🏽\u200D💻")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F")]
    [InlineData("ภาษา\u200Bไทย")]
    [InlineData("balanced \u2067עברית\u2069 text \u202B\u202Cx")]
    [InlineData("right\u200Fto\u200Eleft marks")]
    [InlineData("Việt e\u0302\u0323 שָׁ֑לוֹם")]
    [InlineData("soft\u00ADhyphen")]
    public void Examine_RealText_IsLeftAlone(string text) => Assert.Empty(RuleTesting.Codes(Rule, text));

    [Fact]
    public void Examine_EveryTextOfTheRecord_NotOnlyTheBody()
    {
        RecordReport report = RuleTesting.Validate(Rule, OpenLedger.Datanets.Records.DatanetRecord.Parse("""{"text":"fine","meta":{"tags":["ok","cafÃ©"]}}"""));
        RuleFinding finding = Assert.Single(report.Findings);
        Assert.Equal(("mojibake", "$.meta.tags[1]", "cafÃ©"), (finding.Code, finding.Path, finding.Excerpt));
    }

    [Theory]
    [InlineData("a\u2066b\nc\nd", 1)] // open to the end of its line only
    [InlineData("a\u2066b\nc\u2069", 2)]
    [InlineData("\u202A\u202B\u2067x\u2069\u202C", 1)]
    public void Examine_OpenDirectionControls_AreCountedByLine(string text, int count) =>
        Assert.Equal(count, Assert.Single(RuleTesting.Validate(Rule, text).Findings).Measured);

    [Fact]
    public void Examine_Thresholds_AreCounts()
    {
        EncodingRule rule = new(new EncodingOptions { MaxReplacementCharacters = 2, MaxControlCharacters = 1, MaxPrivateUse = 1, MaxZeroWidth = 1, MaxMarksPerBase = 2 });
        Assert.Empty(RuleTesting.Codes(rule, "\uFFFD\uFFFD \u0001 \uE000 a\u200Bb e\u0301\u0302"));
        Assert.Equal(
            ["replacement_character", "control_character", "zero_width", "private_use", "excessive_marks"],
            RuleTesting.Codes(rule, "\uFFFD\uFFFD\uFFFD \u0001\u0002 \uE000\uE001 a\u200Bb\u200Bc e\u0301\u0302\u0303"));
    }

    [Fact]
    public void Examine_CodeProfile_RefusesBalancedDirectionControls()
    {
        RecordValidator validator = new(BuiltInProfiles.Code());
        RecordReport report = validator.Validate(RuleTesting.Record(("code", "if (access == \"user\u202E \u2066// admin\u2069 \u2066\") {\u2069\u202C\n}")));
        Assert.Contains(report.Findings, f => f.Code == "direction_control" && f.Measured == 6);
    }
}
