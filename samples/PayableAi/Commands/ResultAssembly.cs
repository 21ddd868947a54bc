using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OpenLedger.Attribution.Reports;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Settlement;
using OpenLedger.Hosting;
using PayableAi.Input;
using PayableAi.Reporting;
using PayableAi.Steps;

namespace PayableAi.Commands;

/// <summary>Puts what the steps found into the shape of result.json.</summary>
internal static class ResultAssembly
{
    private const int InfluenceShown = 5;

    public static AnswerResult Answer(HeldOutQuestion question, string baseAnswer, PaidInference paid, Contributed contributed)
    {
        Dictionary<string, AcceptedRecord> records = contributed.Accepted.ToDictionary(a => a.Line.Id, StringComparer.Ordinal);
        AttributionReport report = paid.Report ?? throw new InvalidOperationException("The paid call has no attribution.");
        return new AnswerResult
        {
            Question = question.Question,
            Base = baseAnswer,
            Adapter = paid.Answer,
            Expected = question.Answer,
            Correct = Questioning.IsCorrect(paid.Answer, question.Answer),
            Coverage = report.Coverage,
            Influence =
            [
                .. report.Records.Where((r, i) => i < InfluenceShown || r.WeightPpb > 0).Select(r => new AnswerInfluence
                {
                    Record = r.RecordId,
                    Contributor = records[r.RecordId].ContributorName,
                    Score = r.Influence,
                    WeightPpb = (long)r.WeightPpb,
                    Text = records[r.RecordId].Text,
                }),
            ],
            Spans =
            [
                .. report.Spans.Select(s => new AnswerSpan
                {
                    Start = s.Start,
                    Length = s.Length,
                    Bits = s.Bits,
                    Records = s.RecordIds,
                    Contributors = [.. s.RecordIds.Select(id => records[id].ContributorName)],
                }),
            ],
        };
    }

    public static RunResult Assemble(
        RunOptions options, Contributed contributed, FineTuned tuned, HeldOutAnswers heldOut, AttributionCheck check,
        IReadOnlyList<AnswerResult> answers, Settled settled, TimeSpan elapsed)
    {
        Dictionary<EthereumAddress, string> names = contributed.Accounts.ToDictionary(a => a.Value.Address, a => a.Key);
        IReadOnlyList<SettledReceipt> receipts = settled.Result.Epoch?.Receipts ?? [];
        long tokens = tuned.Steps.Sum(s => (long)s.Tokens);
        return new RunResult
        {
            Seed = options.Seed,
            DurationSeconds = elapsed.TotalSeconds,
            PeakMemoryMiB = Process.GetCurrentProcess().PeakWorkingSet64 / (1024.0 * 1024),
            Machine = new MachineResult { Os = RuntimeInformation.OSDescription, Cores = Environment.ProcessorCount, Dotnet = Environment.Version.ToString() },
            Datanets =
            [
                .. contributed.Versions.Select(v => new DatanetResult
                {
                    Id = v.DatanetId,
                    Version = v.Number,
                    VersionId = v.Id.ToString(),
                    Root = v.Root.ToString(),
                    Records = (int)v.RecordCount,
                    Refused = [.. contributed.Refused.Where(r => r.Datanet == v.DatanetId).Select(r => new RefusedRecord { Record = r.Line.Id, Contributor = r.ContributorName, Reason = r.Reason })],
                }),
            ],
            Contributors = [.. contributed.Accounts.Select(a => new ContributorResult { Name = a.Key, Account = a.Value.Address.ToString() })],
            Training = new TrainingResult
            {
                LossFirst = tuned.Started.HeldOutLoss!.Value,
                LossLast = tuned.Completed.HeldOutLoss!.Value,
                Steps = tuned.Steps.Count,
                Epochs = FineTune.Recipe(options.Seed, options.Steps).Epochs,
                Tokens = tokens,
                TokensPerSecond = tokens / tuned.Completed.Elapsed.TotalSeconds,
                TrainableParameters = tuned.Started.TrainableParameters,
                Curve = [.. tuned.Steps.Select(s => new LossPoint { Step = s.Step, Loss = s.Loss })],
                HeldOut = new HeldOutResult { AdapterCorrect = heldOut.AdapterCorrect, BaseCorrect = heldOut.BaseCorrect, Total = heldOut.Total },
            },
            Influence = new InfluenceResult
            {
                Method = check.Method,
                Top3 = check.Top3.Hits,
                Bm25Top3 = check.Bm25Top3.Hits,
                Bm25WithAnswerTop3 = check.Bm25WithAnswerTop3.Hits,
                DataInfTop3 = check.DataInfTop3.Hits,
                Total = check.Top3.Total,
            },
            Answers = answers,
            Fees = [.. receipts.Select(Fee)],
            Claims =
            [
                .. settled.Claims.Select(c => new ClaimResult { Contributor = NameOf(c.Account, names, receipts), Account = c.Account.ToString(), Amount = Wei(c.Amount), Verified = c.Verified }),
            ],
            Payouts = [.. contributed.Accounts.Select(a => Payout(a.Key, a.Value.Address, receipts, settled))],
            Verification = new VerificationResult { Checks = settled.Verification.Checks.Count, Passed = settled.Verification.Checks.Count(c => c.Passed) },
            Tamper = new TamperResult { Flips = TamperTest.Flips, Rejected = settled.RejectedFlips },
            TamperDetected = settled.RejectedFlips == TamperTest.Flips,
        };
    }

    private static FeeResult Fee(SettledReceipt receipt) => new()
    {
        Inference = receipt.SignedReceipt.Receipt.InferenceId.ToString(),
        Total = Wei(receipt.Parts.Total),
        Parts =
        [
            new FeePart { Name = "platform", Amount = Wei(receipt.Parts.Platform) },
            new FeePart { Name = "model", Amount = Wei(receipt.Parts.Model) },
            new FeePart { Name = "stakers", Amount = Wei(receipt.Parts.Stakers) },
            new FeePart { Name = "contributors", Amount = Wei(receipt.Parts.Contributors) },
        ],
    };

    /// <summary>What one contributor's records brought in this run. The share is that of the contributors' part of all fees.</summary>
    private static PayoutResult Payout(string name, EthereumAddress account, IReadOnlyList<SettledReceipt> receipts, Settled settled)
    {
        var rows = receipts.SelectMany(r => r.Attribution.Zip(r.Amounts)).Where(pair => EthereumAddress.FromContributor(pair.First.Contributor) == account).ToArray();
        UInt128 earned = rows.Aggregate(UInt128.Zero, (sum, row) => sum + row.Second);
        UInt128 all = receipts.Aggregate(UInt128.Zero, (sum, r) => sum + r.Parts.Contributors);
        return new PayoutResult
        {
            Contributor = name,
            RecordsUsed = rows.Select(r => r.First.RowHash).Distinct().Count(),
            SharePpb = all == UInt128.Zero ? 0 : (long)(earned * 1_000_000_000 / all),
            Paid = Wei(settled.Claims.FirstOrDefault(c => c.Account == account)?.Amount ?? UInt128.Zero),
        };
    }

    private static string NameOf(EthereumAddress account, Dictionary<EthereumAddress, string> contributors, IReadOnlyList<SettledReceipt> receipts) =>
        contributors.TryGetValue(account, out string? name) ? name
        : receipts.Any(r => r.Terms.ModelOwner == account) ? "model owner"
        : receipts.Any(r => r.Terms.StakersPool == account) ? "stakers"
        : receipts.Any(r => r.Terms.PlatformTreasury == account) ? "platform"
        : account.ToString();

    private static string Wei(UInt128 amount) => amount.ToString(CultureInfo.InvariantCulture);
}
