using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Contamination;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Tests.Validation;

public class RecordValidatorTests
{
    private static readonly ValidationProfile[] BuiltIn =
        [BuiltInProfiles.WebText(), BuiltInProfiles.Instruction(), BuiltInProfiles.Chat(), BuiltInProfiles.Code()];

    [Fact]
    public void Profiles_Digests_NameTheExactRules()
    {
        Assert.Equal(BuiltIn.Select(p => p.Digest), new[] { BuiltInProfiles.WebText(), BuiltInProfiles.Instruction(), BuiltInProfiles.Chat(), BuiltInProfiles.Code() }.Select(p => p.Digest));
        ValidationProfile[] others =
        [
            .. BuiltIn,
            BuiltInProfiles.WebText(new WebTextProfileOptions { Quality = new GopherQualityOptions { MinWords = 49 } }),
            BuiltInProfiles.WebText(new WebTextProfileOptions { FineWeb = new FineWebOptions { MaxLineFeedRatio = 0.31 } }),
            BuiltInProfiles.WebText(new WebTextProfileOptions { Repetition = new GopherRepetitionOptions { MaxDuplicateNGramCharacters = [0.15, 0.14, 0.13, 0.12, 0.11, 0.11] } }),
            BuiltInProfiles.WebText(new WebTextProfileOptions { Scoring = new ScoreOptions { WarningPenalty = 0.2 } }),
            BuiltInProfiles.WebText(new WebTextProfileOptions { Fields = new RecordFields { Body = ["page"] } }),
            BuiltIn[0].Extend("web_text").Add(new SpellingRule()).Build(),
            BuiltIn[0].Extend("web_text").Add(new SpellingRule(), new ProfileRuleOptions { Mostly = 0.9 }).Build(),
            BuiltIn[0].Extend("web_text").Add(new SpellingRule(), new ProfileRuleOptions { Severity = RuleSeverity.Info }).Build(),
            BuiltIn[0].Extend("web_text").Add(new SpellingRule(), new ProfileRuleOptions { SeverityByCode = new Dictionary<string, RuleSeverity> { ["teh"] = RuleSeverity.Info } }).Build(),
            BuiltIn[0].Extend("other").Build(),
        ];
        Assert.Equal(others.Length, others.Select(p => p.Digest).Distinct().Count());
        Assert.Equal(["encoding", "language", "gopher_repetition", "gopher_quality", "c4", "fineweb"], BuiltIn[0].Rules.Select(r => r.Name));
    }

    [Theory]
    [InlineData("fine", null, 1.0, RecordVerdict.Accept)]
    [InlineData("teh", null, 0.9, RecordVerdict.Accept)]
    [InlineData("teh adn", null, 0.81, RecordVerdict.Review)]
    [InlineData("teh teh teh", null, 0.9, RecordVerdict.Accept)] // a code counts once
    [InlineData("teh", RuleSeverity.Error, 0.5, RecordVerdict.Reject)]
    [InlineData("teh adn", RuleSeverity.Error, 0.25, RecordVerdict.Reject)]
    [InlineData("teh adn", RuleSeverity.Info, 1.0, RecordVerdict.Accept)]
    public void Validate_Findings_BecomeScoreAndVerdict(string text, RuleSeverity? severity, double score, RecordVerdict verdict)
    {
        ValidationProfile profile = ValidationProfile.Custom("t").Add(new SpellingRule(), new ProfileRuleOptions { Severity = severity }).Build();
        DatanetRecord record = RuleTesting.Record(("text", text));
        RecordReport report = new RecordValidator(profile).Validate(record);
        Assert.Equal((score, verdict, record.Digest, profile.Digest), (report.Score, report.Verdict, report.Record, report.Profile));
        Assert.All(report.Findings, f => Assert.Equal(severity ?? RuleSeverity.Warning, f.Severity));
    }

    [Fact]
    public void Score_MoreOrWorseFindings_NeverRaiseIt()
    {
        Gen<RuleFinding> finding = Gen.Select(Gen.Int[0, 5], Gen.Int[1, 3], (code, severity) => Finding($"c{code}", (RuleSeverity)severity));
        Gen.Select(finding.Array[0, 12], finding, Gen.Double[0, 0.5], Gen.Double[0, 0.5]).Sample((findings, more, warning, extra) =>
        {
            ScoreOptions options = new() { WarningPenalty = warning, ErrorPenalty = warning + extra };
            options.Validate();
            double score = options.Score(findings);
            Assert.InRange(score, 0, 1);
            Assert.Equal(score, options.Score(findings.Reverse()));
            double worse = options.Score([.. findings, more]);
            Assert.True(worse <= score);
            Assert.True(options.Verdict(worse) >= options.Verdict(score));
            for (int i = 0; i < findings.Length; i++)
            {
                RuleFinding[] raised = [.. findings];
                raised[i] = Finding(raised[i].Code, RuleSeverity.Error);
                Assert.True(options.Score(raised) <= score);
            }
        });
    }

    [Theory]
    [InlineData(9, 1, 0.9, true)]
    [InlineData(89, 11, 0.9, false)]
    [InlineData(7, 93, 0.07, true)] // 0.07 * 100 is 7.000000000000001 in doubles
    [InlineData(6, 94, 0.07, false)]
    [InlineData(0, 3, 0, true)]
    [InlineData(0, 0, 1, true)]
    [InlineData(99, 1, 1, false)]
    public void ValidateBatch_Mostly_IsTheLeastFractionOfSuccess(int good, int bad, double mostly, bool isMet)
    {
        RecordValidator validator = new(ValidationProfile.Custom("t").Add(new SpellingRule(), new ProfileRuleOptions { Mostly = mostly, Severity = RuleSeverity.Error }).Build());
        ValidationReport report = validator.ValidateBatch(Enumerable.Range(0, good + bad).Select(i => RuleTesting.Record(("text", i < bad ? $"teh adn {i}" : $"fine {i}"))));
        RuleStatistics rule = Assert.Single(report.Rules);
        Assert.Equal((good + bad, good, isMet, isMet), (rule.Evaluated, rule.Successful, rule.IsMet, report.IsSuccess));
        Assert.Equal(good + bad == 0 ? 100 : 100.0 * good / (good + bad), rule.SuccessPercent, 9);
        Assert.Equal((good, 0, bad), (report.Accepted, report.ToReview, report.Rejected));
        Assert.Equal(bad == 0 ? [] : [("adn", bad), ("teh", bad)], rule.RecordsByCode.Select(pair => (pair.Key, (int)pair.Value)));
        Assert.Equal(bad, report.Listed.Count);
        Assert.Equal(good + bad == 0 ? 1 : Math.Round((good + (0.25 * bad)) / (good + bad), 6), report.MeanScore, 6);
    }

    [Fact]
    public void ValidateBatch_InformationAlone_IsSuccess()
    {
        RecordValidator validator = new(ValidationProfile.Custom("t").Add(new SpellingRule(), new ProfileRuleOptions { Severity = RuleSeverity.Info }).Build());
        ValidationReport report = validator.ValidateBatch([RuleTesting.Record(("text", "teh"))]);
        Assert.True(report.IsSuccess);
        Assert.Equal((1, 1L), (report.Rules[0].Successful, report.Rules[0].RecordsByCode["teh"]));
    }

    [Fact]
    public void Documents_ReadBack_AreEqual()
    {
        RecordValidator validator = new(BuiltIn[0].Extend("all").Add(new SpellingRule(), new ProfileRuleOptions { Mostly = 0.95 }).Build());
        DatanetRecord[] records = [RuleTesting.Record(("text", "teh cafÃ© \u202E #")), RuleTesting.Record(("text", "short")), RuleTesting.Record(("other", "{}"))];
        foreach (DatanetRecord record in records)
        {
            RecordReport report = validator.Validate(record);
            RecordReport read = RecordReport.Parse(report.ToDocument());
            Assert.Equal(report.ToDocument(), read.ToDocument());
            Assert.Equal(report.Findings, read.Findings);
            Assert.Equal((report.Record, report.Profile, report.Score, report.Verdict), (read.Record, read.Profile, read.Score, read.Verdict));
        }

        ValidationReport batch = validator.ValidateBatch(records);
        ValidationReport again = ValidationReport.Parse(batch.ToDocument());
        Assert.Equal(batch.ToDocument(), again.ToDocument());
        Assert.Equal((3, batch.MeanScore, batch.IsSuccess), (again.Evaluated, again.MeanScore, again.IsSuccess));
        Fuzzing.Flip(validator.Validate(records[0]).ToDocument(), 5_000, bytes => RecordReport.Parse(bytes));
        Fuzzing.Flip(batch.ToDocument(), 2_000, bytes => ValidationReport.Parse(bytes));
    }

    [Theory]
    [InlineData("\"accepted\":0", "\"accepted\":1")]
    [InlineData("\"success\":false", "\"success\":true")]
    [InlineData("\"successful\":0", "\"successful\":9")]
    [InlineData("\"mostly\":1", "\"mostly\":2")]
    [InlineData("\"meanScore\":", "\"meanScore\":-")]
    [InlineData("\"code\":\"teh\"", "\"code\":\"TEH\"")]
    [InlineData("\"severity\":\"warning\"", "\"severity\":\"bad\"")]
    [InlineData("report/1\",\"listed", "report/2\",\"listed")]
    public void Parse_ReportThatContradictsItself_IsRefused(string old, string @new)
    {
        RecordValidator validator = new(ValidationProfile.Custom("t").Add(new SpellingRule()).Build());
        string document = Encoding.UTF8.GetString(validator.ValidateBatch([RuleTesting.Record(("text", "teh adn"))]).ToDocument());
        Assert.Contains(old, document, StringComparison.Ordinal);
        DatanetException exception = Assert.Throws<DatanetException>(
            () => ValidationReport.Parse(Encoding.UTF8.GetBytes(document.Replace(old, @new, StringComparison.Ordinal))));
        Assert.Equal(DatanetError.InvalidValidationDocument, exception.Error);
    }

    [Fact]
    public void Findings_OfOneCode_AreLimitedButTheWorstIsKept()
    {
        RecordReport report = RuleTesting.Validate(new NoisyRule(), "x");
        Assert.Equal(FindingCollector.MaxPerCode + 1, report.Findings.Count);
        Assert.Equal(1000 - report.Findings.Count, report.UnlistedFindings);
        Assert.Equal((RuleSeverity.Error, 0.5), (report.Findings[^1].Severity, report.Score));
        Assert.All(report.Findings, f => Assert.True(f.Excerpt!.Length <= 80 && f.Message.Length <= 240 && !f.Excerpt.Contains('\u202E', StringComparison.Ordinal)));
        Assert.Contains("\\u{202E}", report.Findings[0].Excerpt, StringComparison.Ordinal);
    }

    [Fact]
    public void Builder_Mistakes_AreNamed()
    {
        ValidationProfileBuilder builder = ValidationProfile.Custom("t").Add(new SpellingRule());
        Assert.Contains("belongs to spelling", Assert.Throws<ArgumentException>(() => builder.Add(new SpellingRule())).Message, StringComparison.Ordinal);
        Assert.Contains("has no code 'x'", Assert.Throws<ArgumentException>(() => ValidationProfile.Custom("t").Add(new SpellingRule(), new ProfileRuleOptions { SeverityByCode = new Dictionary<string, RuleSeverity> { ["x"] = RuleSeverity.Info } })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ValidationProfile.Custom("t").Add(new SpellingRule(), new ProfileRuleOptions { Mostly = 1.1 }));
        Assert.Throws<ArgumentException>(() => ValidationProfile.Custom("Not legal"));
        Assert.Throws<ArgumentException>(() => ValidationProfile.Custom("t").Build());
        builder.Build();
        Assert.Throws<InvalidOperationException>(() => builder.Build());
        Assert.Throws<ArgumentException>(() => RuleTesting.Validate(new LyingRule("unknown", 1), "x"));
        Assert.Throws<ArgumentException>(() => RuleTesting.Validate(new LyingRule("known", double.NaN), "x"));
        Assert.Throws<ArgumentException>(() => ValidationProfile.Custom("t").Scoring(new ScoreOptions { RejectTo = 0.9 }));
    }

    [Fact]
    public void Validate_ManyThreads_GiveTheSameReports()
    {
        RecordValidator validator = new(BuiltIn[0]);
        DatanetRecord[] records = [.. Enumerable.Range(0, 200).Select(i => RuleTesting.Record(("text", string.Join(' ', Enumerable.Range(0, 100).Select(j => $"w{(i * j) % 17}")) + (i % 3 == 0 ? " cafÃ©" : ""))))];
        string[] expected = [.. records.Select(r => Encoding.UTF8.GetString(validator.Validate(r).ToDocument()))];
        ConcurrentBag<(int, string)> seen = [];
        Parallel.For(0, 1000, i => seen.Add((i % 200, Encoding.UTF8.GetString(validator.Validate(records[i % 200]).ToDocument()))));
        Assert.All(seen, one => Assert.Equal(expected[one.Item1], one.Item2));
    }

    public static TheoryData<string> HostileUnits =>
    [
        "a", "a ", "ab\n", "\n", "\n\n", ".", ". ", "\u0301", "中", "あ。", "#", "...", "- x\n", "{", "lorem ipsum ", "Ã©", "\uFFFD", "\u202E", "\u200D", "[", "[1", "[edit]", "(", "a b ", "1,",
        "I'm sorry, but ", "the of ", "e\u0301", "😀", "\u00AD", "\u3164", "a\u00A0",
    ];

    [Theory]
    [MemberData(nameof(HostileUnits))]
    public void Validate_AMegabyteOfOneThing_TakesLinearTime(string unit)
    {
        int bytes = Encoding.UTF8.GetByteCount(unit) + unit.Count(c => c == '\n'); // a line feed is escaped in JSON
        string text = string.Concat(Enumerable.Repeat(unit, 1_040_000 / bytes));
        DatanetRecord record = RuleTesting.Record(("text", text));
        string half = string.Concat(Enumerable.Repeat(unit, 520_000 / bytes - 1));
        DatanetRecord dialogue = RuleTesting.Record(("question", half), ("answer", "x" + half));
        ContaminationRule contamination = new(new ContaminationIndexBuilder(new ContaminationOptions { MinDistinctWords = 1 }).Add("s", "t", null, string.Join(' ', Enumerable.Repeat("a", 12))).Build());
        Stopwatch clock = Stopwatch.StartNew();
        foreach (ValidationProfile profile in BuiltIn)
        {
            RecordValidator validator = new(profile.Extend("hostile").Add(contamination).Build());
            Assert.InRange(validator.Validate(record).Score, 0, 1);
            Assert.InRange(validator.Validate(dialogue).Score, 0, 1);
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}"); // eight validations; quadratic work on a megabyte takes many minutes
    }

    // Pairs of words whose numbers differ in the same bits collide in an unkeyed hash of pairs.
    [Fact]
    public void Validate_PairsMadeToCollide_TakeLinearTime()
    {
        StringBuilder text = new();
        for (int i = 0; i < 40_000 && text.Length < 1_000_000; i++)
        {
            text.Append('w').Append(i).Append(" w").Append(i ^ 0x5555).Append(' ');
        }

        DatanetRecord record = RuleTesting.Record(("text", text.ToString()));
        Stopwatch clock = Stopwatch.StartNew();
        _ = new RecordValidator(BuiltIn[0]).Validate(record);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Fact]
    public void Validate_ManyTextsBelowALongName_TakesNoMorePathsThanFindings()
    {
        string name = new('n', 200_000);
        string json = $$"""{"{{name}}":[{{string.Join(',', Enumerable.Repeat("\"\\ufffd\"", 80_000))}}]}""";
        DatanetRecord record = DatanetRecord.Parse(json);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RecordReport report = new RecordValidator(BuiltIn[0]).Validate(record);
        Assert.True(report.UnlistedFindings > 100_000);
        Assert.All(report.Findings, f => Assert.True(f.Path.Length <= 160));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2L << 30, "a path of 200,000 characters for each of 80,000 texts would be 32 GB");
    }

    private static RuleFinding Finding(string code, RuleSeverity severity) => new(code, severity, "$", "m", null, null, null);

    private sealed class SpellingRule : IRecordRule
    {
        public IReadOnlyList<string> Codes { get; } = ["teh", "adn"];

        public JsonObject Describe() => new() { ["rule"] = "spelling" };

        public void Examine(ExaminedRecord record, FindingCollector findings)
        {
            foreach (RecordText text in record.Texts)
            {
                foreach (string word in text.Value.Split(' ').Where(Codes.Contains))
                {
                    findings.Add(word, text.Path, "Misspelled.", severity: RuleSeverity.Warning);
                }
            }
        }
    }

    private sealed class NoisyRule : IRecordRule
    {
        public IReadOnlyList<string> Codes { get; } = ["noise"];

        public JsonObject Describe() => new() { ["rule"] = "noise" };

        public void Examine(ExaminedRecord record, FindingCollector findings)
        {
            for (int i = 0; i < 1000; i++)
            {
                findings.Add("noise", "$", new string('m', 1000), severity: i == 500 ? RuleSeverity.Error : RuleSeverity.Warning, excerpt: "a\u202E" + new string('e', 1000));
            }
        }
    }

    private sealed class LyingRule(string code, double measured) : IRecordRule
    {
        public IReadOnlyList<string> Codes { get; } = ["known"];

        public JsonObject Describe() => new() { ["rule"] = "lying" };

        public void Examine(ExaminedRecord record, FindingCollector findings) => findings.Add(code, "$", "m", measured);
    }
}
