using System.Globalization;

namespace PayableAi.Input;

/// <summary>The command line.</summary>
internal sealed record RunOptions
{
    public const string Usage = """
        Payable AI: from contributed data to a verified payout, in one command.

        usage: dotnet run -c Release --project samples/PayableAi [-- COMMAND] [OPTIONS]

        commands
          run      (default) contribute, fine-tune, serve, attribute, settle, show
          verify   check receipts, batch, roots and claims of an earlier run from its files alone
          check    check that result.json of an earlier run reaches what the sample promises

        options
          --data DIR      facts to learn: DIR/<datanet>/<contributor>.jsonl and DIR/held-out.jsonl
                          (docs/payable-ai-data.md; default: the sample's own island)
          --model DIR     base model in Hugging Face layout (default: the one that ships with the sample)
          --out DIR       where everything is written (default: artifacts/payable-ai)
          --ledger PATH   use and keep this ledger file; without it each run starts a fresh one under --out
          --seed N        seed of keys, training and tampering, 0 to 1000000 (default: 1)
          --steps N       at most N training steps, 1 to 100000 (default: what the recipe asks for)
          --held-out      for check: judge by the held-out bars alone, which hold for every seed
          --quiet         print one line only
          --help          print this

        exit status: 0 done, 1 a check failed, 2 unusable input, 130 interrupted
        """;

    public string Command { get; init; } = "run";

    public string? Data { get; init; }

    public string Model { get; init; } = SampleFolder.BaseModel;

    public string Out { get; init; } = Path.Combine("artifacts", "payable-ai");

    public string? Ledger { get; init; }

    public int Seed { get; init; } = 1;

    public int? Steps { get; init; }

    public bool HeldOutOnly { get; init; }

    public bool Quiet { get; init; }

    public bool Help { get; init; }

    public static RunOptions Parse(IReadOnlyList<string> args)
    {
        RunOptions options = new();
        for (int i = 0; i < args.Count; i++)
        {
            string name = args[i];
            string Value() => ++i < args.Count && args[i].Length > 0 ? args[i] : throw new BadInputException($"{name}: needs a value; see --help");
            options = name switch
            {
                "run" or "verify" or "check" when i == 0 => options with { Command = name },
                "--data" => options with { Data = Value() },
                "--model" => options with { Model = Value() },
                "--out" => options with { Out = Value() },
                "--ledger" => options with { Ledger = Value() },
                "--seed" => options with { Seed = Number(name, Value(), 0, 1_000_000) },
                "--steps" => options with { Steps = Number(name, Value(), 1, 100_000) },
                "--held-out" => options with { HeldOutOnly = true },
                "--quiet" => options with { Quiet = true },
                "--help" or "-h" => options with { Help = true },
                _ => throw new BadInputException($"{name}: is not an option; see --help"),
            };
        }

        return options;
    }

    private static int Number(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new BadInputException($"{name}: '{text}' is not a whole number from {least} to {most}");
}
