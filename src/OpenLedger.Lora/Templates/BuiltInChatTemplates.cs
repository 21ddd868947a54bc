namespace OpenLedger.Lora.Templates;

/// <summary>Chat templates by name, for checkpoints that carry none.</summary>
/// <remarks>
/// Where a checkpoint has a template of its own, prefer that one (<see cref="ChatTemplate.Load"/>): fine-tuned models differ.
/// Families without a system role get the system text before the first user text.
/// </remarks>
public static class BuiltInChatTemplates
{
    private const string DeepSeekBegin = "<｜begin▁of▁sentence｜>";
    private const string DeepSeekEnd = "<｜end▁of▁sentence｜>";

    /// <summary>ChatML: Qwen and many others.</summary>
    public static BuiltInChatTemplate ChatMl { get; } = new("chatml", ToolCallSyntax.Hermes, ["<|im_start|>", "<|im_end|>"], ["<|im_end|>", "<|endoftext|>"]);

    /// <summary>Llama 2 chat.</summary>
    public static BuiltInChatTemplate Llama2 { get; } = new("llama2", ToolCallSyntax.None, ["<s>", "</s>"], ["</s>"]);

    /// <summary>Llama 3 instruct, without tools.</summary>
    public static BuiltInChatTemplate Llama3 { get; } = new(
        "llama3", ToolCallSyntax.None, ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], ["<|eot_id|>", "<|end_of_text|>"]);

    /// <summary>Llama 3.1, 3.2 and 3.3 instruct, with tools. The variable <c>date_string</c> sets today's date.</summary>
    public static BuiltInChatTemplate Llama31 { get; } = new(
        "llama3.1",
        ToolCallSyntax.Llama3,
        ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
        ["<|eot_id|>", "<|eom_id|>", "<|end_of_text|>"]);

    /// <summary>Mistral 7B Instruct v0.1 and v0.2, Mixtral.</summary>
    public static BuiltInChatTemplate MistralV1 { get; } = new("mistral-v1", ToolCallSyntax.None, ["<s>", "</s>"], ["</s>"]);

    /// <summary>Mistral 7B Instruct v0.3, with tools.</summary>
    public static BuiltInChatTemplate MistralV3 { get; } = new("mistral-v3", ToolCallSyntax.Mistral, ["<s>", "</s>", "[INST]", "[/INST]"], ["</s>"]);

    /// <summary>Gemma instruct.</summary>
    public static BuiltInChatTemplate Gemma { get; } = new(
        "gemma", ToolCallSyntax.None, ["<bos>", "<start_of_turn>", "<end_of_turn>"], ["<end_of_turn>", "<eos>"]);

    /// <summary>ChatGLM2.</summary>
    public static BuiltInChatTemplate ChatGlm2 { get; } = new("chatglm2", ToolCallSyntax.None, ["[gMASK]", "sop"], ["</s>", "eop"]);

    /// <summary>ChatGLM3, without tools.</summary>
    public static BuiltInChatTemplate ChatGlm3 { get; } = new(
        "chatglm3", ToolCallSyntax.None, ["[gMASK]", "sop", "<|user|>", "<|assistant|>"], ["</s>", "<|user|>", "<|observation|>"]);

    /// <summary>GLM-4, with tools.</summary>
    public static BuiltInChatTemplate Glm4 { get; } = new(
        "glm4", ToolCallSyntax.Glm4, ["[gMASK]", "<sop>", "<|user|>", "<|assistant|>"], ["<|endoftext|>", "<|user|>", "<|observation|>"]);

    /// <summary>DeepSeek LLM chat.</summary>
    public static BuiltInChatTemplate DeepSeekLlm { get; } = new("deepseek-llm", ToolCallSyntax.None, [DeepSeekBegin, DeepSeekEnd], [DeepSeekEnd]);

    /// <summary>DeepSeek Coder instruct.</summary>
    public static BuiltInChatTemplate DeepSeekCoder { get; } = new("deepseek-coder", ToolCallSyntax.None, [DeepSeekBegin, "<|EOT|>"], ["<|EOT|>", DeepSeekEnd]);

    /// <summary>DeepSeek R1 and its distilled models.</summary>
    public static BuiltInChatTemplate DeepSeekR1 { get; } = new(
        "deepseek-r1", ToolCallSyntax.None, [DeepSeekBegin, "<｜User｜>", "<｜Assistant｜>", DeepSeekEnd], [DeepSeekEnd]);

    /// <summary>Falcon 7B and 40B instruct.</summary>
    public static BuiltInChatTemplate Falcon { get; } = new("falcon", ToolCallSyntax.None, [], ["<|endoftext|>"], ["\nUser:"]);

    /// <summary>Falcon 180B chat.</summary>
    public static BuiltInChatTemplate FalconChat { get; } = new("falcon-chat", ToolCallSyntax.None, [], ["<|endoftext|>"], ["\nUser:"]);

    /// <summary>Stanford Alpaca.</summary>
    public static BuiltInChatTemplate Alpaca { get; } = new("alpaca", ToolCallSyntax.None, [], ["</s>"], ["\n\n### Instruction:"]);

    /// <summary>Vicuna 1.1 and later.</summary>
    public static BuiltInChatTemplate Vicuna { get; } = new("vicuna", ToolCallSyntax.None, [], ["</s>"], ["USER:"]);

    /// <summary>The texts alone, for base models such as GPT-2 and BLOOM.</summary>
    public static BuiltInChatTemplate Plain { get; } = new("plain", ToolCallSyntax.None, [], []);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BuiltInChatTemplate> All { get; } =
    [
        ChatMl, Llama2, Llama3, Llama31, MistralV1, MistralV3, Gemma, ChatGlm2, ChatGlm3, Glm4,
        DeepSeekLlm, DeepSeekCoder, DeepSeekR1, Falcon, FalconChat, Alpaca, Vicuna, Plain,
    ];

    /// <summary>Finds a template by name.</summary>
    /// <param name="name">For example <c>chatml</c>; case matters.</param>
    /// <exception cref="ArgumentException">There is none of this name; the message lists those there are.</exception>
    public static BuiltInChatTemplate Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(t => t.Name == name)
            ?? throw new ArgumentException($"There is no built-in chat template '{name}'; there are {string.Join(", ", All.Select(t => t.Name))}.", nameof(name));
    }
}
