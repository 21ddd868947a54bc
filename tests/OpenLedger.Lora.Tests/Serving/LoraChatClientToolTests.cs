using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Serving;
using OpenLedger.Lora.Templates;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Serving;

/// <summary>A model whose weights make it write one fixed answer, so that the whole way of a call is tested.</summary>
public sealed class LoraChatClientToolTests
{
    private const string Call = "[{\"name\": \"weather\",\"arguments\" :{\"city\":\"x\"}}]";
    private static readonly string[] ControlTokens = ["<s>", "</s>", "[INST]", "[/INST]", "[TOOL_CALLS]"];

    [Fact]
    public async Task GetStreamingResponseAsync_ModelThatCalls_YieldsTheCall()
    {
        using TemporaryFolder folder = new();
        BpeTrainer.Train([Call, Call, Call], new BpeTrainerOptions { VocabularySize = 320, SpecialTokens = ControlTokens }).Save(folder.Path);
        ByteLevelBpeTokenizer tokenizer = ByteLevelBpeTokenizer.Load(folder.Path);
        int[] script = [.. new[] { "[/INST]", "[TOOL_CALLS]" }.Select(t => tokenizer.FindSpecial(t)!.Value), .. tokenizer.EncodeText(Call), tokenizer.FindSpecial("</s>")!.Value];
        Assert.Equal(script.Length, script.Distinct().Count());
        using LoraChatClient client = new(Scripted(script), tokenizer, new LoraChatClientOptions
        {
            BaseModelId = "base",
            PromptFormat = new ChatTemplateFormat(BuiltInChatTemplates.MistralV3),
            Generation = new GenerationOptions { MaxTokens = 40 },
        });
        ChatOptions options = new() { Tools = [AIFunctionFactory.Create((string city) => city, "weather")] };
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("q", options))
        {
            updates.Add(update);
        }

        FunctionCallContent call = Assert.IsType<FunctionCallContent>(Assert.Single(updates[0].Contents));
        Assert.Equal("weather", call.Name);
        Assert.Equal("x", ((JsonElement)call.Arguments!["city"]!).GetString());
        Assert.Equal(9, call.CallId.Length);
        Assert.Equal(2, updates.Count);
        Assert.Equal(ChatFinishReason.ToolCalls, updates[^1].FinishReason);

        // Without tools, or where they are switched off, the same answer is text.
        Assert.Equal(Call, (await client.GetResponseAsync("q")).Text);
        ChatResponse switchedOff = await client.GetResponseAsync("q", new ChatOptions { Tools = options.Tools, ToolMode = ChatToolMode.None });
        Assert.Equal(Call, switchedOff.Text);
        Assert.Equal(ChatFinishReason.Stop, switchedOff.FinishReason);
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync("q", new ChatOptions { Tools = options.Tools, ToolMode = ChatToolMode.RequireAny }));
    }

    /// <summary>After token k of the script comes token k + 1: no layer adds anything, and the output matrix looks the last token up.</summary>
    private static CausalLM Scripted(int[] script)
    {
        TinyLlama tiny = new(vocabularySize: 340, maxPositions: 2000);
        int hidden = tiny.Description.HiddenSize;
        Assert.True(script.Length <= hidden);
        Dictionary<string, ReadOnlyMemory<float>> weights = [];
        foreach ((string name, ReadOnlyMemory<float> values) in tiny.Weights)
        {
            bool isNorm = name.EndsWith("norm.weight", StringComparison.Ordinal);
            float[] copy = new float[values.Length];
            Array.Fill(copy, isNorm ? 1f : 0f);
            for (int k = 0; k < script.Length; k++)
            {
                if (name == LlamaTensorNames.Embedding)
                {
                    copy[(script[k] * hidden) + k] = 1;
                }
                else if (name == "lm_head.weight" && k > 0)
                {
                    copy[(script[k] * hidden) + k - 1] = 1;
                }
            }

            weights[name] = copy;
        }

        return CausalLM.FromWeights("scripted", tiny.Description, weights, new InferenceOptions { MaxThreads = 1 });
    }
}
