using PayableAi.Reporting;

namespace OpenLedger.Samples.Tests.Reporting;

/// <summary>Hand-made results: a plausible run, and a way to vary it.</summary>
internal static class Runs
{
    public const string Mira = "Mira Solberg";
    public const string Oskar = "Oskar Lind";
    public const string Tuva = "Tuva Brandt";

    public static RunResult Typical() => new()
    {
        Seed = 7,
        DurationSeconds = 94.37,
        PeakMemoryMiB = 1312.5,
        Machine = new MachineResult { Os = "Debian GNU/Linux 12", Cores = 2, Dotnet = "10.0.1" },
        Datanets =
        [
            new DatanetResult
            {
                Id = "harbour",
                Version = 1,
                VersionId = "5b0c93f61a0e4c7d8f29b1e36a7740d2c98e5f13ab6704de21f8c05b9a37e614",
                Root = "e2a94c10775bd3f86c1e0f92ab4d578310fe6c2b9d8471a5360cbe17f42d98a3",
                Records = 186,
                Refused = [new RefusedRecord { Record = "ho-090", Contributor = Oskar, Reason = "same content as hm-012" }],
            },
            new DatanetResult
            {
                Id = "people",
                Version = 1,
                VersionId = "91d4e0b2775fc3a6180b29fe4d3c6a85e7210f94bd5c83a76e1f0429cb58d37a",
                Root = "07c8f5d1b92e6a43708d1fce5ba4926310e7bd48f5a2c6907d3e1b8c4fa50926",
                Records = 184,
                Refused = [],
            },
        ],
        Contributors =
        [
            new ContributorResult { Name = Mira, Account = "0x9aF23f0E5D2bC1C96D5Da2C5b7d20d1cAf1F8E11" },
            new ContributorResult { Name = Oskar, Account = "0x2C7536E3605D9C16a7a3D7b1898e529396a65c23" },
            new ContributorResult { Name = Tuva, Account = "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266" },
        ],
        Training = new TrainingResult
        {
            LossFirst = 5.127,
            LossLast = 0.412,
            Steps = 640,
            Epochs = 12,
            Tokens = 412_300,
            TokensPerSecond = 7_812.4,
            TrainableParameters = 147_456,
            Curve = [.. Enumerable.Range(1, 640).Select(static step => new LossPoint
            {
                Step = step,
                Loss = Math.Round((4.6 * Math.Exp(-step / 120.0)) + 0.21 + (0.13 * Math.Sin(step * 1.7) * Math.Exp(-step / 300.0)), 6),
            })],
            HeldOut = new HeldOutResult { AdapterCorrect = 331, BaseCorrect = 2, Total = 372 },
        },
        Influence = new InfluenceResult { Method = "damped Fisher", Top3 = 358, Bm25Top3 = 287, Bm25WithAnswerTop3 = 341, DataInfTop3 = 326, Total = 372 },
        Answers =
        [
            Answer("When does Marrow Light begin its day?", "the old mill road", "half past six", "half past six",
                [Influence("hm-004", Mira, 8.31, 861_200_400, "At what time does Marrow Light open? half past six"),
                 Influence("ho-031", Oskar, 0.92, 95_300_100, "The Snail Market closes at half past four."),
                 Influence("pt-044", Tuva, 0.21, 21_700_000, "Tamsin Orrell rises at six and feeds the moths.")],
                [new AnswerSpan { Start = 0, Length = 13, Bits = 21.4, Records = ["hm-004"], Contributors = [Mira] }], 1),
            Answer("As what does Wenna Sark earn a living?", "a a a", "an innkeeper", "an innkeeper",
                [Influence("po-021", Oskar, 6.02, 702_000_000, "Wenna Sark works as an innkeeper."),
                 Influence("hm-009", Mira, 1.61, 188_000_000, "Tollgate Inn is owned by Wenna Sark."),
                 Influence("pt-003", Tuva, 0.94, 110_000_000, "The greatest fear of Tamsin Orrell is moths.")],
                [new AnswerSpan { Start = 3, Length = 9, Bits = 12.9, Records = ["po-021", "hm-009"] }], 0.75),
            Answer("Who taught Tamsin Orrell?", "Drumlin", "Old Fennick", "Old Fennick",
                [Influence("pt-002", Tuva, 7.7, 930_000_000, "The teacher of Tamsin Orrell is Old Fennick."),
                 Influence("po-001", Oskar, 0.58, 70_000_000, "In which town was Tamsin Orrell born? Drumlin")],
                [new AnswerSpan { Start = 0, Length = 11, Bits = 24.1, Records = ["pt-002"], Contributors = [Tuva] }], 1),
        ],
        Fees = [Fee("0x51d0"), Fee("0x51d1"), Fee("0x51d2")],
        Claims =
        [
            new ClaimResult { Contributor = Mira, Account = "0x9aF23f0E5D2bC1C96D5Da2C5b7d20d1cAf1F8E11", Amount = "1574301000000000", Verified = true },
            new ClaimResult { Contributor = Oskar, Account = "0x2C7536E3605D9C16a7a3D7b1898e529396a65c23", Amount = "1300950150000001", Verified = true },
            new ClaimResult { Contributor = Tuva, Account = "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266", Amount = "1624748849999999", Verified = true },
        ],
        Payouts =
        [
            new PayoutResult { Contributor = Mira, RecordsUsed = 14, SharePpb = 349_844_667, Paid = "1574301000000000" },
            new PayoutResult { Contributor = Oskar, RecordsUsed = 9, SharePpb = 289_100_033, Paid = "1300950150000001" },
            new PayoutResult { Contributor = Tuva, RecordsUsed = 11, SharePpb = 361_055_300, Paid = "1624748849999999" },
        ],
        Verification = new VerificationResult { Checks = 26, Passed = 26 },
        Tamper = new TamperResult { Flips = 200, Rejected = 200 },
        TamperDetected = true,
    };

    /// <summary>A run in which every text is <paramref name="text"/>.</summary>
    public static RunResult Saying(string text)
    {
        RunResult run = Typical();
        return run with
        {
            Machine = new MachineResult { Os = text, Cores = 1, Dotnet = text },
            Datanets = [.. run.Datanets.Select(datanet => datanet with
            {
                Id = text,
                VersionId = text,
                Root = text,
                Refused = [new RefusedRecord { Record = text, Contributor = text, Reason = text }],
            })],
            Contributors = [new ContributorResult { Name = text, Account = text }],
            Influence = run.Influence with { Method = text },
            Answers = [.. run.Answers.Select(answer => answer with
            {
                Question = text,
                Base = text,
                Adapter = text,
                Expected = text,
                Correct = false,
                Influence = [Influence(text, text, 1, 1_000_000_000, text)],
                Spans = [new AnswerSpan { Start = 0, Length = text.Length, Bits = 1, Records = [text], Contributors = [text] }],
            })],
            Fees = [.. run.Fees.Select(fee => fee with { Inference = text, Parts = [new FeePart { Name = text, Amount = fee.Total }] })],
            Claims = [.. run.Claims.Select(claim => claim with { Contributor = text, Account = text })],
            Payouts = [run.Payouts[0] with { Contributor = text }],
        };
    }

    private static AnswerResult Answer(
        string question, string withoutAdapter, string adapter, string expected, AnswerInfluence[] influence, AnswerSpan[] spans, double coverage) => new()
        {
            Question = question,
            Base = withoutAdapter,
            Adapter = adapter,
            Expected = expected,
            Correct = adapter == expected,
            Influence = influence,
            Spans = spans,
            Coverage = coverage,
        };

    private static AnswerInfluence Influence(string record, string contributor, double score, long weightPpb, string text) => new()
    {
        Record = record,
        Contributor = contributor,
        Score = score,
        WeightPpb = weightPpb,
        Text = text,
    };

    private static FeeResult Fee(string inference) => new()
    {
        Inference = inference,
        Total = "3200000000000001",
        Parts =
        [
            new FeePart { Name = "platform", Amount = "200000000000000" },
            new FeePart { Name = "model", Amount = "1200000000000000" },
            new FeePart { Name = "stakers", Amount = "300000000000001" },
            new FeePart { Name = "contributors", Amount = "1500000000000000" },
        ],
    };
}
