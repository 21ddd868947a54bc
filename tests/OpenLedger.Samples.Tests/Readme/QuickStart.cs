// begin
using Microsoft.Extensions.AI;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Serving;
using OpenLedger.Lora.Tokenization;
// end

namespace OpenLedger.Samples.Tests.Readme;

/// <summary>The example of the repository's README, between the begin and end marks.</summary>
internal static class QuickStart
{
    public static async Task RunAsync()
    {
        // begin
        string model = "samples/PayableAi/base-model";
        LoraChatClient client = new(
            CausalLM.Load(model), Tokenizer.Load(model), new LoraChatClientOptions { BaseModelId = "base" });
        client.AddAdapter("island-lore", LoraAdapter.Load("artifacts/payable-ai/adapter"));

        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(
            "Where does the key of Marrow Light hang?", new ChatOptions { ModelId = "island-lore" }))
        {
            Console.Write(update.Text);
        }
        // end
    }
}
