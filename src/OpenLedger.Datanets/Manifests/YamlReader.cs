using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OpenLedger.Datanets.Manifests;

/// <summary>YAML of a card's front matter as JSON nodes: maps, lists, texts, numbers, booleans and null; no anchors, aliases or tags.</summary>
/// <remarks>
/// Plain scalars follow the core schema of YAML 1.2, so that <c>no</c> is the language Norwegian and not <c>false</c>. Aliases, with which a
/// short text grows to a huge one, are refused.
/// </remarks>
internal static class YamlReader
{
    private const int MaxDepth = 32;

    public static JsonNode? Read(string yaml)
    {
        try
        {
            Parser parser = new(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return null;
            }

            parser.Consume<DocumentStart>();
            JsonNode? root = ReadNode(parser, 0);
            parser.Consume<DocumentEnd>();
            parser.Consume<StreamEnd>();
            return root;
        }
        catch (YamlException exception)
        {
            throw Fault(exception.Start, exception.Message, exception);
        }
        catch (InvalidOperationException exception) // the scanner's answer to some malformed plain scalars
        {
            throw Fault(Mark.Empty, "a plain text is malformed; put it into quotes", exception);
        }
    }

    private static JsonNode? ReadNode(Parser parser, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Fault(parser.Current!.Start, $"maps and lists are nested deeper than {MaxDepth}");
        }

        ParsingEvent? current = parser.Current;
        parser.MoveNext();
        switch (current)
        {
            case Scalar scalar:
                Refuse(scalar);
                return scalar.Style == ScalarStyle.Plain ? Plain(scalar.Value) : JsonValue.Create(scalar.Value);
            case SequenceStart sequence:
                Refuse(sequence);
                JsonArray list = [];
                while (parser.Current is not SequenceEnd)
                {
                    list.Add(ReadNode(parser, depth + 1));
                }

                parser.MoveNext();
                return list;
            case MappingStart mapping:
                Refuse(mapping);
                return ReadMembers(parser, depth);
            default:
                throw Fault(current?.Start ?? Mark.Empty, "an alias stands where a value is expected; write the value out");
        }
    }

    private static JsonObject ReadMembers(Parser parser, int depth)
    {
        JsonObject members = [];
        while (parser.Current is not MappingEnd)
        {
            if (parser.Current is not Scalar key)
            {
                throw Fault(parser.Current?.Start ?? Mark.Empty, "a map has a list or a map as a key");
            }

            Refuse(key);
            parser.MoveNext();
            if (members.ContainsKey(key.Value))
            {
                throw Fault(key.Start, $"the key '{key.Value}' occurs twice");
            }

            members.Add(key.Value, ReadNode(parser, depth + 1));
        }

        parser.MoveNext();
        return members;
    }

    private static void Refuse(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty || (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific))
        {
            throw Fault(node.Start, "anchors and tags are not supported; write the value out");
        }
    }

    private static JsonValue? Plain(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE":
                return JsonValue.Create(false);
        }

        // Only spellings that come back unchanged are numbers: 007 and 1.10 stay texts, for they are more often names than quantities.
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer)
            && integer.ToString(CultureInfo.InvariantCulture) == text)
        {
            return JsonValue.Create(integer);
        }

        return text.Length <= 32
            && (char.IsAsciiDigit(text[0]) || text[0] == '-')
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) // JSON has no infinities: -Infinity is a text
            && number.ToString("R", CultureInfo.InvariantCulture) == text
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }

    private static DatanetException Fault(Mark at, string problem, Exception? cause = null) => new(
        DatanetError.InvalidDatasetCard,
        string.Create(CultureInfo.InvariantCulture, $"The front matter cannot be read at line {at.Line}, column {at.Column}: {problem}."),
        cause)
    { LineNumber = at.Line };
}
