using System.Numerics;

namespace PayableAi.Reporting;

/// <summary>
/// What must hold in every result, so that neither the file nor the report can show something that contradicts itself: nothing is null,
/// numbers are finite and in range, amounts are amounts, parts sum to their total, spans lie in their answer.
/// </summary>
internal static class RunResultRules
{
    private const long Ppb = 1_000_000_000;

    // A caller sees every fault at once, but a hostile file must not produce a message of megabytes.
    private const int MaximumFaults = 20;

    public static void Require(RunResult result, string parameterName)
    {
        IReadOnlyList<string> faults = Faults(result);
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The result cannot be shown: {string.Join(' ', faults)}", parameterName);
        }
    }

    public static IReadOnlyList<string> Faults(RunResult result)
    {
        var faults = new FaultList();
        faults.NotNegative("durationSeconds", result.DurationSeconds);
        faults.NotNegative("peakMemoryMiB", result.PeakMemoryMiB);
        faults.AtMost("machine.cores", result.Machine.Cores, int.MaxValue);
        CheckDatanets(result, faults);
        CheckTraining(result.Training, faults);
        CheckInfluence(result.Influence, faults);
        for (int i = 0; i < result.Answers.Count && faults.Open; i++)
        {
            CheckAnswer($"answers[{i}]", result.Answers[i], faults);
        }

        CheckMoney(result, faults);
        faults.AtMost("verification.passed", result.Verification.Passed, result.Verification.Checks);
        faults.AtMost("tamper.rejected", result.Tamper.Rejected, result.Tamper.Flips);
        if (result.TamperDetected && (result.Tamper.Flips == 0 || result.Tamper.Rejected != result.Tamper.Flips))
        {
            faults.Add("tamperDetected is true, but not every flip was rejected.");
        }

        return faults.Found;
    }

    private static void CheckDatanets(RunResult result, FaultList faults)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ContributorResult? contributor in result.Contributors)
        {
            if (contributor is null || !names.Add(contributor.Name))
            {
                faults.Add($"contributors holds null or '{contributor?.Name}' twice; names must be unique.");
            }
        }

        for (int i = 0; i < result.Datanets.Count && faults.Open; i++)
        {
            if (!faults.Present($"datanets[{i}]", result.Datanets[i]))
            {
                continue;
            }

            faults.AtMost($"datanets[{i}].version", result.Datanets[i].Version, int.MaxValue);
            faults.AtMost($"datanets[{i}].records", result.Datanets[i].Records, int.MaxValue);
            faults.NoNulls($"datanets[{i}].refused", result.Datanets[i].Refused);
        }
    }

    private static void CheckTraining(TrainingResult training, FaultList faults)
    {
        faults.NotNegative("training.lossFirst", training.LossFirst);
        faults.NotNegative("training.lossLast", training.LossLast);
        faults.NotNegative("training.tokensPerSecond", training.TokensPerSecond);
        faults.AtMost("training.steps", training.Steps, int.MaxValue);
        faults.AtMost("training.epochs", training.Epochs, int.MaxValue);
        faults.AtMost("training.tokens", training.Tokens, long.MaxValue);
        faults.AtMost("training.trainableParameters", training.TrainableParameters, long.MaxValue);
        faults.AtMost("training.heldOut.adapterCorrect", training.HeldOut.AdapterCorrect, training.HeldOut.Total);
        faults.AtMost("training.heldOut.baseCorrect", training.HeldOut.BaseCorrect, training.HeldOut.Total);
        int previous = -1;
        for (int i = 0; i < training.Curve.Count && faults.Open; i++)
        {
            LossPoint? point = training.Curve[i];
            if (point is null || point.Step <= previous || !double.IsFinite(point.Loss) || point.Loss < 0)
            {
                faults.Add($"training.curve[{i}] must have a greater step than the one before and a finite loss of at least 0.");
            }

            previous = point?.Step ?? previous;
        }
    }

    private static void CheckInfluence(InfluenceResult influence, FaultList faults)
    {
        faults.AtMost("influence.top3", influence.Top3, influence.Total);
        faults.AtMost("influence.bm25Top3", influence.Bm25Top3, influence.Total);
        faults.AtMost("influence.bm25WithAnswerTop3", influence.Bm25WithAnswerTop3, influence.Total);
        faults.AtMost("influence.dataInfTop3", influence.DataInfTop3, influence.Total);
    }

    private static void CheckAnswer(string name, AnswerResult? answer, FaultList faults)
    {
        if (!faults.Present(name, answer))
        {
            return;
        }

        if (!(answer!.Coverage is >= 0 and <= 1))
        {
            faults.Add($"{name}.coverage is {answer.Coverage}; it must lie from 0 to 1.");
        }

        for (int i = 0; i < answer.Influence.Count && faults.Open; i++)
        {
            if (!faults.Present($"{name}.influence[{i}]", answer.Influence[i]))
            {
                continue;
            }

            faults.Finite($"{name}.influence[{i}].score", answer.Influence[i].Score);
            faults.AtMost($"{name}.influence[{i}].weightPpb", answer.Influence[i].WeightPpb, Ppb);
        }

        for (int i = 0; i < answer.Spans.Count && faults.Open; i++)
        {
            AnswerSpan? span = answer.Spans[i];
            if (span is null || span.Start < 0 || span.Length <= 0 || span.Start > answer.Adapter.Length - span.Length)
            {
                faults.Add($"{name}.spans[{i}] must lie inside the {answer.Adapter.Length} characters of the adapter's answer.");
                continue;
            }

            faults.NotNegative($"{name}.spans[{i}].bits", span.Bits);
            faults.NoNulls($"{name}.spans[{i}].records", span.Records);
            faults.NoNulls($"{name}.spans[{i}].contributors", span.Contributors);
            if (span.Contributors.Count != 0 && span.Contributors.Count != span.Records.Count)
            {
                faults.Add($"{name}.spans[{i}].contributors must be empty or as long as records.");
            }
        }
    }

    private static void CheckMoney(RunResult result, FaultList faults)
    {
        for (int i = 0; i < result.Fees.Count && faults.Open; i++)
        {
            if (faults.Present($"fees[{i}]", result.Fees[i]))
            {
                CheckFee($"fees[{i}]", result.Fees[i], faults);
            }
        }

        for (int i = 0; i < result.Claims.Count && faults.Open; i++)
        {
            if (faults.Present($"claims[{i}]", result.Claims[i]))
            {
                faults.Amount($"claims[{i}].amount", result.Claims[i].Amount);
            }
        }

        for (int i = 0; i < result.Payouts.Count && faults.Open; i++)
        {
            if (faults.Present($"payouts[{i}]", result.Payouts[i]))
            {
                faults.Amount($"payouts[{i}].paid", result.Payouts[i].Paid);
                faults.AtMost($"payouts[{i}].sharePpb", result.Payouts[i].SharePpb, Ppb);
                faults.AtMost($"payouts[{i}].recordsUsed", result.Payouts[i].RecordsUsed, int.MaxValue);
            }
        }
    }

    private static void CheckFee(string name, FeeResult fee, FaultList faults)
    {
        BigInteger sum = BigInteger.Zero;
        for (int i = 0; i < fee.Parts.Count && faults.Open; i++)
        {
            if (faults.Present($"{name}.parts[{i}]", fee.Parts[i]))
            {
                sum += faults.Amount($"{name}.parts[{i}].amount", fee.Parts[i].Amount);
            }
        }

        BigInteger total = faults.Amount($"{name}.total", fee.Total);
        if (sum != total && faults.Open)
        {
            faults.Add($"{name}.parts sum to {sum}, not to the total {total}.");
        }
    }

    private sealed class FaultList
    {
        private readonly List<string> _found = [];

        public IReadOnlyList<string> Found => _found;

        public bool Open => _found.Count < MaximumFaults;

        public void Add(string fault)
        {
            if (Open)
            {
                _found.Add(fault);
            }
        }

        // Lists from a file may hold null whatever their type says.
        public bool Present(string name, object? value)
        {
            if (value is null)
            {
                Add($"{name} is null.");
            }

            return value is not null;
        }

        public void NoNulls<T>(string name, IReadOnlyList<T> list)
        {
            if (list.Any(static item => item is null))
            {
                Add($"{name} holds null.");
            }
        }

        public void Finite(string name, double value)
        {
            if (!double.IsFinite(value))
            {
                Add($"{name} is {value}; it must be finite.");
            }
        }

        public void NotNegative(string name, double value)
        {
            if (!double.IsFinite(value) || value < 0)
            {
                Add($"{name} is {value}; it must be finite and at least 0.");
            }
        }

        public void AtMost(string name, long value, long maximum)
        {
            if (value < 0 || value > maximum)
            {
                Add($"{name} is {value}; it must lie from 0 to {maximum}.");
            }
        }

        public BigInteger Amount(string name, string? text)
        {
            if (!OpenAmount.TryParse(text, out BigInteger wei))
            {
                Add($"{name} must be wei as a string of 1 to 78 decimal digits.");
            }

            return wei;
        }
    }
}
