namespace OpenLedger.BaseModel.Worlds;

/// <summary>The word lists of <c>words.txt</c>: one line each, <c>name: words</c>.</summary>
internal sealed class WordLists
{
    private WordLists(Dictionary<string, string> lines)
    {
        Adjectives = lines["adjectives"].Split(' ');
        Nouns = lines["nouns"].Split(' ');
        Crafts = lines["crafts"].Split(' ');
        Gerunds = lines["gerunds"].Split(' ');
        Prepositions = lines["places"].Split(", ");
    }

    public string[] Adjectives { get; }

    public string[] Nouns { get; }

    public string[] Crafts { get; }

    public string[] Gerunds { get; }

    public string[] Prepositions { get; }

    public static WordLists Load(string path) => new(File.ReadLines(path)
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(": ", 2))
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal));
}
