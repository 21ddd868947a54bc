using Microsoft.Extensions.Options;
using OpenLedger.Chain.Evm;

namespace OpenLedger.Hosting;

// Checks values only. Whether files exist and can be read shows when the service that needs them is resolved.
internal sealed class OpenLedgerOptionsValidator : IValidateOptions<OpenLedgerOptions>
{
    public ValidateOptionsResult Validate(string? name, OpenLedgerOptions options)
    {
        List<string> faults = [];
        CheckDatanets(options.Datanets, faults);
        CheckLora(options.Lora, faults);
        if (options.Attribution is null)
        {
            faults.Add("Attribution is null; use new AnswerAttributorOptions() for the defaults.");
        }
        else if (options.Attribution.BatchSize < 1)
        {
            faults.Add($"Attribution.BatchSize is {options.Attribution.BatchSize}; it must be at least 1.");
        }

        CheckChain(options.Chain, faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckDatanets(OpenLedgerDatanetsOptions datanets, List<string> faults)
    {
        if (datanets.StorePath is not null && string.IsNullOrWhiteSpace(datanets.StorePath))
        {
            faults.Add("Datanets.StorePath is empty; name a file, or use null to keep datanets in memory.");
        }

        if (datanets.LockTimeout < TimeSpan.FromSeconds(1) || datanets.LockTimeout > TimeSpan.FromHours(1))
        {
            faults.Add($"Datanets.LockTimeout is {datanets.LockTimeout}; it must be from 1 second to 1 hour.");
        }

        if (datanets.MaxContributionBytes is < 1 or > 1_000_000_000)
        {
            faults.Add($"Datanets.MaxContributionBytes is {datanets.MaxContributionBytes}; it must be from 1 to 1000000000.");
        }
    }

    private static void CheckLora(OpenLedgerLoraOptions lora, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(lora.ModelFolder))
        {
            faults.Add("Lora.ModelFolder is missing; name the folder with config.json, model.safetensors and tokenizer.json.");
        }

        if (string.IsNullOrWhiteSpace(lora.BaseModelId))
        {
            faults.Add("Lora.BaseModelId is empty; give the base model a name, for one 'base'.");
        }

        if (lora.PromptFormat is null)
        {
            faults.Add("Lora.PromptFormat is null; use new QuestionAnswerFormat() for single questions and answers.");
        }

        if (lora.MaxThreads < 1)
        {
            faults.Add($"Lora.MaxThreads is {lora.MaxThreads}; it must be at least 1.");
        }

        if (lora.Generation is null)
        {
            faults.Add("Lora.Generation is null; use new GenerationOptions() for the defaults.");
        }
        else
        {
            Try("Lora.Generation", lora.Generation.Validate, faults);
        }
    }

    private static void CheckChain(OpenLedgerChainOptions chain, List<string> faults)
    {
        if (chain.Price is not null)
        {
            Try("Chain.Price", chain.Price.Validate, faults);
        }

        if (chain.Split is not null)
        {
            Try("Chain.Split", chain.Split.Validate, faults);
        }

        if (chain.LedgerPath is null)
        {
            return; // no settlement, so nobody has to be named as a payee
        }

        if (string.IsNullOrWhiteSpace(chain.LedgerPath))
        {
            faults.Add("Chain.LedgerPath is empty; name a file, or use null to do without settlement.");
        }

        if (chain.Price is null)
        {
            faults.Add("Chain.Price is missing; settlement needs the prices of calls.");
        }

        if (chain.Split is null)
        {
            faults.Add("Chain.Split is missing; settlement needs to know how a fee is divided.");
        }

        if (chain.OperatorSigner is null)
        {
            faults.Add("Chain.OperatorSigner is missing; settlement needs the operator's key, for one an EthereumAccount.");
        }
        else if (chain.OperatorSigner.Address.IsZero)
        {
            faults.Add("Chain.OperatorSigner has the zero address, which nobody can sign for; use a real account.");
        }

        CheckAddress(chain.Ledger, "Chain.Ledger", "use the contract's address, or any address that is unique to an embedded ledger", faults);
        CheckAddress(chain.ModelOwner, "Chain.ModelOwner", "money sent there is lost", faults);
        CheckAddress(chain.StakersPool, "Chain.StakersPool", "money sent there is lost", faults);
        CheckAddress(chain.PlatformTreasury, "Chain.PlatformTreasury", "money sent there is lost", faults);
    }

    private static void CheckAddress(EthereumAddress address, string name, string remedy, List<string> faults)
    {
        if (address.IsZero)
        {
            faults.Add($"{name} is the zero address; {remedy}.");
        }
    }

    private static void Try(string name, Action validate, List<string> faults)
    {
        try
        {
            validate();
        }
        catch (ArgumentException fault)
        {
            faults.Add($"{name}: {fault.Message}");
        }
    }
}
