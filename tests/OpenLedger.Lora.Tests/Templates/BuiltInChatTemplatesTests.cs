using System.Text.Json.Nodes;
using OpenLedger.Lora.Templates;

namespace OpenLedger.Lora.Tests.Templates;

/// <summary>The formats as their authors describe them, written out by hand.</summary>
public sealed class BuiltInChatTemplatesTests
{
    [Theory]
    [InlineData("chatml", "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nR<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("llama2", "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nQ [/INST] A </s><s>[INST] R [/INST]")]
    [InlineData("llama3", "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nQ<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nA<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nR<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData("llama3.1", "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nQ<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nA<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nR<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData("mistral-v1", "<s> [INST] S\n\nQ [/INST] A</s> [INST] R [/INST]")]
    [InlineData("mistral-v3", "<s>[INST] Q[/INST] A</s>[INST] S\n\nR[/INST]")]
    [InlineData("gemma", "<bos><start_of_turn>user\nS\n\nQ<end_of_turn>\n<start_of_turn>model\nA<end_of_turn>\n<start_of_turn>user\nR<end_of_turn>\n<start_of_turn>model\n")]
    [InlineData("chatglm2", "[gMASK]sop[Round 1]\n\n问：S\n\nQ\n\n答：A\n\n[Round 2]\n\n问：R\n\n答：")]
    [InlineData("chatglm3", "[gMASK]sop<|system|>\n S<|user|>\n Q<|assistant|>\n A<|user|>\n R<|assistant|>")]
    [InlineData("glm4", "[gMASK]<sop><|system|>\nS<|user|>\nQ<|assistant|>\nA<|user|>\nR<|assistant|>")]
    [InlineData("deepseek-llm", "<｜begin▁of▁sentence｜>S\n\nUser: Q\n\nAssistant: A<｜end▁of▁sentence｜>User: R\n\nAssistant:")]
    [InlineData("deepseek-coder", "<｜begin▁of▁sentence｜>S### Instruction:\nQ\n### Response:\nA\n<|EOT|>\n### Instruction:\nR\n### Response:")]
    [InlineData("deepseek-r1", "<｜begin▁of▁sentence｜>S<｜User｜>Q<｜Assistant｜>A<｜end▁of▁sentence｜><｜User｜>R<｜Assistant｜><think>\n")]
    [InlineData("falcon", "S\n\nUser: Q\n\nAssistant: A\n\nUser: R\n\nAssistant:")]
    [InlineData("falcon-chat", "System: S\nUser: Q\nFalcon: A\nUser: R\nFalcon:")]
    [InlineData("alpaca", "S\n\n### Instruction:\nQ\n\n### Response:\nA\n\n### Instruction:\nR\n\n### Response:\n")]
    [InlineData("vicuna", "S USER: Q ASSISTANT: AUSER: R ASSISTANT:")]
    [InlineData("plain", "S\n\nQ\n\nA\n\nR")]
    public void Render_SystemUserAssistantUser_IsTheFormat(string name, string expected)
    {
        JsonArray messages = [];
        foreach ((string role, string content) in new[] { ("system", "S"), ("user", "Q"), ("assistant", "A"), ("user", "R") })
        {
            messages.Add(new JsonObject { ["role"] = role, ["content"] = content });
        }

        Assert.Equal(expected, BuiltInChatTemplates.Get(name).Template.Render(messages));
    }
}
