using System.Text.Json.Nodes;
using OpenLedger.Lora.Templates;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Templates;

/// <summary>Compares with what Jinja itself rendered; <c>tests/golden/chat-templates/README.md</c> tells how the files were made.</summary>
public sealed class ChatTemplateGoldenTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests", "golden", "chat-templates");
    private static readonly JsonObject Expected = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "expected.json")))!.AsObject();
    private static readonly JsonObject Conversations = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "conversations.json")))!.AsObject();

    [Fact]
    public void Render_TemplatesAndExpressions_EqualJinja()
    {
        List<string> differences = [];
        int equal = 0;
        foreach (JsonNode? item in Expected["templates"]!.AsArray())
        {
            string source = item!["template"]!.GetValue<string>();
            string? difference = Compare(
                item,
                () => ChatTemplate.Parse(source).Render(Conversations["plain"]!["messages"]!.AsArray(), variables: Expected["variables"]!.AsObject()));
            if (difference is null)
            {
                equal++;
            }
            else
            {
                differences.Add($"{source}\n    {difference}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differ:\n{string.Join("\n", differences.Take(60))}");
        Assert.True(equal >= 1500, $"only {equal} templates were compared");
    }

    [Fact]
    public void Render_BuiltInTemplates_EqualJinja()
    {
        List<string> differences = [];
        int equal = 0;
        foreach (JsonNode? item in Expected["conversations"]!.AsArray())
        {
            string name = item!["name"]!.GetValue<string>();
            JsonObject conversation = Conversations[item["conversation"]!.GetValue<string>()]!.AsObject();
            string? difference = Compare(item, () => BuiltInChatTemplates.Get(name).Template.Render(
                conversation["messages"]!.AsArray(),
                conversation["tools"]?.AsArray(),
                item["prompt"]!.GetValue<bool>(),
                new JsonObject { ["bos_token"] = "<s>", ["eos_token"] = "</s>" }));
            if (difference is null)
            {
                equal++;
            }
            else
            {
                differences.Add($"{name} {item["conversation"]}\n    {difference}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differ:\n{string.Join("\n", differences.Take(20))}");
        Assert.Equal(BuiltInChatTemplates.All.Count * Conversations.Count * 2, equal);
    }

    private static string? Compare(JsonNode expected, Func<string> render)
    {
        string? text = expected["text"]?.GetValue<string>();
        string? refused = expected["refused"]?.GetValue<string>();
        try
        {
            string actual = render();
            return text is null ? $"Jinja fails ({expected["fails"] ?? expected["refused"]}), but here: {actual}"
                : text == actual ? null : $"expected: {JsonValue.Create(text)}\n    actual:   {JsonValue.Create(actual)}";
        }
        catch (ModelFormatException exception)
        {
            return expected["fails"] is not null ? null : $"expected: {JsonValue.Create(text ?? refused)}\n    threw:    {exception.Message}";
        }
        catch (ArgumentException exception)
        {
            return refused is not null && exception.Message == "The chat template refuses the conversation: " + refused
                ? null : $"expected: {text ?? refused}\n    threw:    {exception.Message}";
        }
    }
}
