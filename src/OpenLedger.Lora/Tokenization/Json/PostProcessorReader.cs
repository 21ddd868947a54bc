using System.Text.Json;

namespace OpenLedger.Lora.Tokenization.Json;

/// <summary>Reads the member <c>post_processor</c>: the ids around one text.</summary>
internal static class PostProcessorReader
{
    /// <summary>Whether the member says what stands around a text; if not, <c>tokenizer_config.json</c> may.</summary>
    public static bool HasTemplate(JsonField? field) => field?.Required("type").Text() switch
    {
        "TemplateProcessing" => true,
        "Sequence" => field.Required("processors").Items().Any(HasTemplate),
        _ => false,
    };

    public static (int[] Prefix, int[] Suffix) Read(JsonField? field)
    {
        if (field is null)
        {
            return ([], []);
        }

        string type = field.Required("type").Text();
        return type switch
        {
            "ByteLevel" => ([], []), // adjusts offsets only
            "Sequence" => field.Required("processors").Items().Select(Read)
                .Aggregate((First: Array.Empty<int>(), Last: Array.Empty<int>()), (all, next) => ([.. next.Prefix, .. all.First], [.. all.Last, .. next.Suffix])),
            "TemplateProcessing" => ReadTemplate(field),
            _ => throw field.Unsupported($"post_processor '{type}'"),
        };
    }

    private static (int[] Prefix, int[] Suffix) ReadTemplate(JsonField field)
    {
        List<int> prefix = [];
        List<int> suffix = [];
        bool isAfterText = false;
        JsonField? tokens = field.Optional("special_tokens");
        foreach (JsonField part in field.Optional("single")?.Items() ?? [])
        {
            if (part.Optional("Sequence") is not null)
            {
                isAfterText = !isAfterText ? true : throw part.Unsupported("a template with the text twice");
                continue;
            }

            string name = part.Required("SpecialToken").Required("id").Text();
            JsonField ids = (tokens ?? throw field.Fault(TokenizerFormatError.InvalidField, "must have the member 'special_tokens'")).Required(name).Required("ids");
            ids.RequireKind(JsonValueKind.Array);
            (isAfterText ? suffix : prefix).AddRange(ids.Items().Select(id => id.NonNegativeInteger()));
        }

        return ([.. prefix], [.. suffix]);
    }
}
