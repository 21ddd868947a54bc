using Microsoft.Extensions.AI;

namespace OpenLedger.Lora.Templates;

/// <summary>Finds the calls of tools in the text of an answer.</summary>
public static class ToolCallParser
{
    /// <summary>Parses a whole answer.</summary>
    /// <param name="answer">What the model wrote, with markers such as <c>[TOOL_CALLS]</c> where it wrote them.</param>
    /// <param name="syntax">How the model writes calls.</param>
    /// <param name="toolNames">
    /// Names of the tools there are. <see cref="ToolCallSyntax.Llama3"/> and <see cref="ToolCallSyntax.Glm4"/> have no marker that is always
    /// there, so for them a call must have one of these names. Null for any name.
    /// </param>
    /// <param name="createCallId">Makes an id for the n-th call (from 0) that has none; null for <c>call00000</c> and so on.</param>
    /// <returns>
    /// <see cref="TextContent"/> and <see cref="FunctionCallContent"/> in order. What is not exactly a call (strict JSON, an object with a name
    /// and an object of arguments, no member twice, at most 1 Mi characters and 32 levels) stays text, and so does what follows the 256th attempt at a call. White space around calls is dropped.
    /// </returns>
    /// <remarks>Thread-safe. Takes time in proportion to the length of the answer.</remarks>
    public static IReadOnlyList<AIContent> Parse(
        string answer, ToolCallSyntax syntax, IReadOnlyCollection<string>? toolNames = null, Func<int, string>? createCallId = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ToolCallStream stream = new(syntax, toolNames, createCallId ?? (n => $"call{n:00000}"));
        return [.. stream.Push(answer), .. stream.Finish()];
    }
}
