namespace OpenLedger.Lora.Tokenization.Json;

/// <summary>Reads the member <c>decoder</c> of tokenizers over pieces, as what it does to one token and to the beginning of a text.</summary>
internal static class DecoderReader
{
    /// <summary>Returns whether tokens such as <c>&lt;0x41&gt;</c> are bytes.</summary>
    /// <param name="field">The decoder.</param>
    /// <param name="decodesMarks">Whether U+2581 becomes a space.</param>
    /// <param name="leadingSpaces">What happens to spaces at the beginning.</param>
    public static bool Read(JsonField field, out bool decodesMarks, out LeadingSpaces leadingSpaces)
    {
        decodesMarks = false;
        leadingSpaces = LeadingSpaces.Keep;
        bool decodesBytes = false;
        bool isFused = false;
        foreach (JsonField part in field.Required("type").Text() == "Sequence" ? field.Required("decoders").Items() : [field])
        {
            string type = part.Required("type").Text();
            switch (type)
            {
                case "Replace" when part.Required("pattern").Optional("String")?.Text() == "\u2581" && part.Required("content").Text() == " " && !isFused:
                    decodesMarks = true;
                    break;
                case "ByteFallback" when !isFused:
                    decodesBytes = true;
                    break;
                case "Fuse":
                    isFused = true;
                    break;
                case "Strip" when isFused && part.Required("content").Text() == " " && part.Required("stop").NonNegativeInteger() == 0
                    && part.Required("start").NonNegativeInteger() <= 1 && leadingSpaces == LeadingSpaces.Keep:
                    leadingSpaces = part.Required("start").NonNegativeInteger() == 1 ? LeadingSpaces.DropOne : LeadingSpaces.Keep;
                    break;
                case "Metaspace" when !isFused && !decodesMarks:
                    PreTokenizerReader.RequireMark(part);
                    decodesMarks = true;
                    bool isNever = part.Optional("prepend_scheme")?.Text() == "never" || !part.Flag("add_prefix_space", absent: true);
                    leadingSpaces = isNever ? LeadingSpaces.Keep : LeadingSpaces.DropOfFirstToken;
                    break;
                default:
                    throw part.Unsupported($"decoder '{type}' in this place or with these options");
            }
        }

        return decodesBytes;
    }
}
