namespace OpenLedger.Lora.Templates;

/// <summary>How a model writes the calls of tools into its answer.</summary>
public enum ToolCallSyntax
{
    /// <summary>The model was not trained to call tools.</summary>
    None,

    /// <summary><c>&lt;tool_call&gt;{"name": …, "arguments": {…}}&lt;/tool_call&gt;</c>, any number of times: Qwen 2 and 3, Hermes.</summary>
    Hermes,

    /// <summary>The whole answer is <c>{"name": …, "parameters": {…}}</c>, after <c>&lt;|python_tag|&gt;</c> or not: Llama 3.1 and later.</summary>
    Llama3,

    /// <summary><c>[TOOL_CALLS] [{"name": …, "arguments": {…}}, …]</c> at the end of the answer: Mistral v2 and v3.</summary>
    Mistral,

    /// <summary>The whole answer is the name of a tool, a line break and an object of arguments: GLM-4.</summary>
    Glm4,
}
