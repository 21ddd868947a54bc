using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenLedger.Attribution.Answers;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Settlement;
using OpenLedger.Datanets.Versions;
using OpenLedger.Hosting;
using OpenLedger.Hosting.ChatClients;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Serving;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.FineTuning;
using PayableAi.Input;
using PayableAi.Reporting;
using PayableAi.Steps;

namespace PayableAi.Commands;

/// <summary>The main job: contribute, fine-tune, serve, attribute, settle, show.</summary>
internal static class RunCommand
{
    private const string AdapterName = "island-lore", BaseName = "base";
    private const int TorchThreads = 2;

    private static readonly UInt128 OneOpen = 1_000_000_000_000_000_000;

    public static async Task<int> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        ConsoleStory story = new(Console.Out, ConsoleStoryOptions.ForStandardOutput(options.Quiet));
        SampleFolder folder = new(options.Out);

        // Everything that can be wrong with the input is found before anything is written.
        SampleData data = SampleData.Load(options.Data ?? SampleFolder.OwnData);
        ModelCheck.Require(options.Model);

        EthereumAccount operatorAccount = Contribute.Account(options.Seed, "operator");
        ServiceProvider services = ConfigureServices(options, folder, operatorAccount);
        await using (services.ConfigureAwait(false))
        {
            if (options.Ledger is not null)
            {
                folder.RequireOutside(options.Ledger);
                services.GetRequiredService<SqliteLedger>(); // a locked or damaged ledger is told before an hour of work
            }

            folder.Clear();
            NativeTuning.Apply();
            TorchRuntime.EnsureLoaded(new TorchRuntimeOptions { Log = line => story.Note(line) });
            TorchSharp.torch.set_num_threads(TorchThreads);
            TorchSharp.torch.manual_seed(options.Seed);

            story.Step(StoryStep.Contribute, $"{data.Submissions.Select(s => s.Contributor).Distinct().Count()} contributors sign what they give to {data.Submissions.Select(s => s.Datanet).Distinct().Count()} datanets.");
            Contributed contributed = new Contribute(services.GetRequiredService<DatanetOptions>(), options.Seed).Run(data);
            foreach (DatanetVersion version in contributed.Versions)
            {
                story.Note($"{version.DatanetId}: version {version.Number} holds {version.RecordCount} records, root {version.Root}");
            }

            foreach (RefusedLine refused in contributed.Refused)
            {
                story.Note($"refused {refused.Line.Id} of {refused.ContributorName}: {refused.Reason}");
            }

            // Copies are refused only now, so a question may have lost its record.
            HashSet<string> acceptedIds = [.. contributed.Accepted.Select(a => a.Line.Id)];
            HeldOutQuestion[] questions = [.. data.HeldOut.Where(q => q.Records.Any(acceptedIds.Contains))];
            if (questions.Length < 3)
            {
                throw new BadInputException($"held-out.jsonl: only {questions.Length} of {data.HeldOut.Count} questions ask for a record that was accepted; at least three are needed");
            }

            story.Step(StoryStep.FineTune, "A LoRA adapter learns the accepted records; the base model stays frozen.");
            CausalLM baseModel = services.GetRequiredService<CausalLM>();
            InstructionEncoder encoder = new(services.GetRequiredService<Tokenizer>());
            using FineTuned tuned = await new FineTune(options.Model, baseModel, encoder, options.Seed, options.Steps).RunAsync(
                contributed.Accepted, questions, folder.Adapter, new ProgressTeller(story).Tell, cancellationToken).ConfigureAwait(false);
            story.Note($"{tuned.Exercises} exercises of the base model were trained beside {contributed.Accepted.Count} records; held-out loss {tuned.Started.HeldOutLoss:F3} -> {tuned.Completed.HeldOutLoss:F3} nats per token; saved in PEFT format in {tuned.AdapterFolder}");

            story.Step(StoryStep.Serve, "The adapter answers on managed kernels, next to the base model alone.");
            LoraChatClient inference = services.GetRequiredService<LoraChatClient>();
            inference.AddAdapter(AdapterName, tuned.Adapter);
            AnswerAttributor attributor = new(
                tuned.Model, tuned.Tensors, encoder,
                [.. contributed.Accepted.Select(a => new AttributionSource(a.Line.Id, a.Contributor, a.Text, tuned.Examples[a.Line.Id]))],
                services.GetRequiredService<AnswerAttributorOptions>(), cancellationToken);
            services.GetRequiredService<AdapterAttribution>().Register(
                AdapterName, AdapterProvenance.HashAdapter(tuned.AdapterFolder), attributor,
                contributed.Accepted.ToDictionary(a => a.Line.Id, a => new RecordOrigin(a.Datanet, RowHash(a)), StringComparer.Ordinal));

            // The paid client: whoever calls it is metered, attributed and charged without knowing.
            using IChatClient paid = new ChatClientBuilder(inference).UseAttribution().UseMetering().UseSettlement().Build(services);
            List<(HeldOutQuestion Question, string Base, PaidInference Paid)> shown = [];
            foreach (HeldOutQuestion question in Shown(questions))
            {
                string baseAnswer = (await inference.GetResponseAsync(question.Question, Ask(BaseName), cancellationToken).ConfigureAwait(false)).Text;
                List<ChatResponseUpdate> updates = [];
                await foreach (ChatResponseUpdate update in paid.GetStreamingResponseAsync(question.Question, Ask(AdapterName), cancellationToken).ConfigureAwait(false))
                {
                    updates.Add(update);
                }

                PaidInference inferred = PaidInference.Find(updates.ToChatResponse()) ?? throw new InvalidOperationException("The paid call left no trace of its payment.");
                shown.Add((question, baseAnswer, inferred));
            }

            AnswerResult[] answers = [.. shown.Select(s => ResultAssembly.Answer(s.Question, s.Base, s.Paid, contributed))];
            foreach (AnswerResult answer in answers)
            {
                story.Answer(answer);
            }

            HeldOutAnswers heldOut = await Questioning.AskAsync(inference, AdapterName, BaseName, questions, cancellationToken).ConfigureAwait(false);
            story.Note($"Of {heldOut.Total} questions in words that no record uses, the adapter answers {heldOut.AdapterCorrect} exactly, the base alone {heldOut.BaseCorrect}.");

            story.Step(StoryStep.Attribute, "For every held-out question: is the record that holds the fact among the first three?");
            AttributionCheck check = Questioning.CheckAttribution(
                attributor, services.GetRequiredService<AnswerAttributorOptions>().Method, questions, heldOut.AdapterAnswers, cancellationToken);
            story.Note($"{check.Method} {check.Top3.Hits} of {check.Top3.Total}; DataInf {check.DataInfTop3.Hits}; BM25 by question {check.Bm25Top3.Hits}, by question and answer {check.Bm25WithAnswerTop3.Hits}");

            story.Step(StoryStep.Settle, "Receipts are batched on the ledger; everybody claims with a proof; the files are verified and tampered with.");
            Settled settled = await new Settle(
                services.GetRequiredService<SettlementQueue>(), services.GetRequiredService<SqliteLedger>(), operatorAccount, options.Seed)
                .RunAsync(folder.Settlement, CancellationToken.None).ConfigureAwait(false);
            story.Note($"{settled.Verification.Checks.Count(c => c.Passed)} of {settled.Verification.Checks.Count} checks passed; {settled.RejectedFlips} of {TamperTest.Flips} changed bytes rejected");

            story.Step(StoryStep.Show);
            RunResult result = ResultAssembly.Assemble(options, contributed, tuned, heldOut, check, answers, settled, clock.Elapsed);
            HtmlReport.Write(folder.Report, result);
            RunResultFile.Write(folder.Result, result);
            story.Finish(result, folder.Report, folder.Result);
            return settled.Verification.Passed && result.TamperDetected ? 0 : 1;
        }
    }

    private static ServiceProvider ConfigureServices(RunOptions options, SampleFolder folder, EthereumAccount operatorAccount)
    {
        ServiceCollection services = new();
        if (options.Ledger is null)
        {
            services.AddSingleton<TimeProvider>(new SampleClock());
        }

        services.AddOpenLedger(openLedger =>
        {
            openLedger.Datanets.StorePath = folder.Datanets;
            openLedger.Lora.ModelFolder = options.Model;
            openLedger.Lora.BaseModelId = BaseName;
            openLedger.Chain.LedgerPath = options.Ledger ?? folder.Ledger;
            openLedger.Chain.Ledger = Contribute.Account(options.Seed, "ledger").Address;
            openLedger.Chain.OperatorSigner = operatorAccount;
            openLedger.Chain.Price = new PricePolicy { WeiPer1000InputTokens = OneOpen / 2, WeiPer1000OutputTokens = OneOpen * 3 / 2, PlatformFeeWei = OneOpen / 100 };
            openLedger.Chain.Split = new FeeSplit { ModelPpm = 400_000, StakersPpm = 100_000, ContributorsPpm = 500_000 };
            openLedger.Chain.ModelOwner = Contribute.Account(options.Seed, "model owner").Address;
            openLedger.Chain.StakersPool = Contribute.Account(options.Seed, "stakers").Address;
            openLedger.Chain.PlatformTreasury = Contribute.Account(options.Seed, "platform").Address;
        });
        return services.BuildServiceProvider();
    }

    private static HeldOutQuestion[] Shown(HeldOutQuestion[] questions)
    {
        HeldOutQuestion[] marked = [.. questions.Where(q => q.Show).Take(3)];
        return marked.Length == 3 ? marked : [.. questions.Take(3)];
    }

    private static ChatOptions Ask(string model) => new() { ModelId = model, MaxOutputTokens = Questioning.MaxAnswerTokens };

    private static Bytes32 RowHash(AcceptedRecord record)
    {
        byte[] digest = new byte[Bytes32.Length];
        record.Line.Record.Digest.Value.CopyTo(digest);
        return new Bytes32(digest);
    }
}
