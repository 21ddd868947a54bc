using System.Collections.Frozen;
using System.Text.Json.Nodes;
using OpenLedger.Lora.Templates.Jinja;

namespace OpenLedger.Lora.Templates;

/// <summary>The variable <c>messages</c>: everything in it is marked as coming from outside, but for the names of roles.</summary>
internal static class ConversationValues
{
    // Templates put the role into control tokens ('<|' + role + '|>'), so these words must count as the template's own.
    private static readonly FrozenSet<string> Roles = new[]
    {
        "system", "user", "assistant", "tool", "developer", "observation", "function", "ipython", "model", "tool_response",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static SequenceValue FromMessages(JsonArray messages)
    {
        var values = (SequenceValue)PythonJson.FromNode(messages);
        foreach (TemplateValue value in values.Items)
        {
            TextValue role = Values.Text(MarkedText.Trusted("role"));
            if (value is MapValue message && message.Entries.TryGetValue(role, out TemplateValue? name) && name is TextValue text && Roles.Contains(text.Value))
            {
                message.Entries[role] = Values.Text(MarkedText.Trusted(text.Value));
            }
        }

        return values;
    }
}
