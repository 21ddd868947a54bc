using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Records;
using OpenLedger.Unicode;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>Canonical caseless form with white space collapsed, over the whole text at once, and the digest over a tree. Slow on purpose.</summary>
internal static class ReferenceNormalizer
{
    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, int[]> Foldings = [];
    private static readonly Dictionary<int, int> Classes = [];

    static ReferenceNormalizer()
    {
        foreach ((string key, int[] parts) in Entries(UnicodeTables.Decompositions))
        {
            int scalar = Hexadecimal(key.TrimEnd('!'));
            Decompositions.Add(scalar, parts);
            if (!key.EndsWith('!'))
            {
                Compositions.Add((parts[0], parts[1]), scalar);
            }
        }

        foreach ((string key, int[] parts) in Entries(UnicodeTables.CaseFoldings))
        {
            Foldings.Add(Hexadecimal(key), parts);
        }

        foreach (string entry in UnicodeTables.CombiningClasses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] sides = entry.Split('=');
            string[] range = sides[0].Split('-');
            for (int scalar = Hexadecimal(range[0]); scalar <= Hexadecimal(range[1]); scalar++)
            {
                Classes.Add(scalar, int.Parse(sides[1], CultureInfo.InvariantCulture));
            }
        }

        for (int i = 0; i < 19 * 21; i++)
        {
            Compositions.Add((0x1100 + (i / 21), 0x1161 + (i % 21)), 0xAC00 + (i * 28));
            for (int trail = 1; trail < 28; trail++)
            {
                Compositions.Add((0xAC00 + (i * 28), 0x11A7 + trail), 0xAC00 + (i * 28) + trail);
            }
        }

        foreach (((int first, int second), int pair) in Compositions.Where(pair => pair.Value is >= 0xAC00 and < 0xD7A4))
        {
            Decompositions.Add(pair, [first, second]);
        }
    }

    public static string Normalize(string text)
    {
        int[] scalars = Order([.. text.EnumerateRunes().SelectMany(rune => Decompose(rune.Value))]);
        int[] folded = Order([.. scalars.SelectMany(scalar => Foldings.GetValueOrDefault(scalar, [scalar])).SelectMany(Decompose)]);
        string composed = string.Concat(Compose([.. folded]).Select(char.ConvertFromUtf32));
        return string.Join(' ', string.Concat(composed.Select(c => char.IsWhiteSpace(c) ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    public static Sha256Digest Digest(DatanetRecord record)
    {
        JsonNode? normalized = Normalize(record.Element);
        normalized!.AsObject().Remove(RecordSalt.MemberName);
        return Sha256Digest.Of(CanonicalJson.Serialize(normalized));
    }

    private static JsonNode? Normalize(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Normalize(member.Value)))),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(Normalize)]),
        JsonValueKind.String => JsonValue.Create(Normalize(element.GetString()!)),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element),
    };

    private static IEnumerable<int> Decompose(int scalar) =>
        Decompositions.TryGetValue(scalar, out int[]? parts) ? parts.SelectMany(Decompose) : [scalar];

    private static int ClassOf(int scalar) => Classes.GetValueOrDefault(scalar);

    /// <summary>Exchanges neighbouring marks until every run is in the order of the classes.</summary>
    private static int[] Order(int[] scalars)
    {
        for (bool isSorted = false; !isSorted;)
        {
            isSorted = true;
            for (int i = 1; i < scalars.Length; i++)
            {
                if (ClassOf(scalars[i]) != 0 && ClassOf(scalars[i - 1]) > ClassOf(scalars[i]))
                {
                    (scalars[i - 1], scalars[i]) = (scalars[i], scalars[i - 1]);
                    isSorted = false;
                }
            }
        }

        return scalars;
    }

    /// <summary>The Unicode Standard, D117: a character joins the last starter unless one of class 0 or of no lower class stands between.</summary>
    private static List<int> Compose(List<int> scalars)
    {
        for (int i = 1; i < scalars.Count; i++)
        {
            int starter = i - 1;
            while (starter > 0 && ClassOf(scalars[starter]) != 0)
            {
                starter--;
            }

            bool isBlocked = scalars[(starter + 1)..i].Any(between => ClassOf(between) == 0 || ClassOf(between) >= ClassOf(scalars[i]));
            if (ClassOf(scalars[starter]) == 0 && !isBlocked && Compositions.TryGetValue((scalars[starter], scalars[i]), out int pair))
            {
                scalars[starter] = pair;
                scalars.RemoveAt(i--);
            }
        }

        return scalars;
    }

    private static IEnumerable<(string Key, int[] Parts)> Entries(string table) =>
        table.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(entry => entry.Split('='))
            .Select(sides => (sides[0], sides[1].Split(' ').Select(Hexadecimal).ToArray()));

    private static int Hexadecimal(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
