namespace OpenLedger.BaseModel.Worlds;

/// <summary>One relation with its nouns and forms, as written in <c>forms.txt</c>.</summary>
internal sealed record Relation(
    string Name,
    IReadOnlyList<string> SubjectKinds,
    string ValueKind,
    string QuestionWord,
    IReadOnlyList<string> Nouns,
    IReadOnlyList<string> Questions,
    IReadOnlyList<string> Statements);

/// <summary>The catalogue of question and prose forms: reads <c>forms.txt</c> and fills the templates.</summary>
internal sealed class Forms
{
    private static readonly string[] EveryKind = ["org", "place", "person", "building", "ship", "event", "thing", "project", "road"];

    private readonly List<string> _genericQuestions = [];
    private readonly List<string> _genericStatements = [];

    private Forms(IReadOnlyList<Relation> relations) => Relations = relations;

    public IReadOnlyList<Relation> Relations { get; private set; }

    public static Forms Load(string path)
    {
        List<Relation> relations = [];
        Forms forms = new(relations);
        (List<string> questions, List<string> statements) current = ([], []);
        foreach (string raw in File.ReadLines(path))
        {
            string line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.StartsWith("q: ", StringComparison.Ordinal))
            {
                current.questions.Add(line[3..]);
            }
            else if (line.StartsWith("p: ", StringComparison.Ordinal))
            {
                current.statements.Add(line[3..]);
            }
            else if (line == "%generic")
            {
                current = (forms._genericQuestions, forms._genericStatements);
            }
            else if (line.StartsWith("%nouns ", StringComparison.Ordinal))
            {
                string[] parts = line[7..].Split('|', StringSplitOptions.TrimEntries);
                string[] head = parts[0].Split(' ', 2);
                foreach (string noun in Names(parts[1]))
                {
                    relations.Add(new Relation(noun, EveryKind, head[0], head[1], [noun], [], []));
                }
            }
            else
            {
                string[] parts = line.Split('|', StringSplitOptions.TrimEntries);
                current = ([], []);
                relations.Add(new Relation(
                    parts[0], parts[1].Split(' '), parts[2], parts[3], Names(parts[4]), current.questions, current.statements));
            }
        }

        return forms;
    }

    /// <summary>Every question form of a relation, subject filled in; the generic forms come last.</summary>
    public IEnumerable<string> Questions(Relation relation, string subject)
    {
        foreach (string form in relation.Questions)
        {
            yield return Fill(form, relation, "", subject, "");
        }

        foreach (string noun in relation.Nouns)
        {
            foreach (string form in _genericQuestions)
            {
                yield return Fill(form, relation, noun, subject, "");
            }
        }
    }

    /// <summary>Every prose form of a relation, subject and value filled in.</summary>
    public IEnumerable<string> Statements(Relation relation, string subject, string value)
    {
        foreach (string form in relation.Statements)
        {
            yield return Fill(form, relation, "", subject, value);
        }

        foreach (string noun in relation.Nouns)
        {
            foreach (string form in _genericStatements)
            {
                yield return Fill(form, relation, noun, subject, value);
            }
        }
    }

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries);

    private static string Fill(string form, Relation relation, string noun, string subject, string value)
    {
        string text = form.Replace("{W}", relation.QuestionWord.StartsWith("How", StringComparison.Ordinal) ? "What" : relation.QuestionWord, StringComparison.Ordinal)
            .Replace("{N}", noun, StringComparison.Ordinal)
            .Replace("{S}", subject, StringComparison.Ordinal)
            .Replace("{V}", value, StringComparison.Ordinal);
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
