namespace OpenLedger.BaseModel.Worlds;

/// <summary>One invented fact: a relation between a subject and a value.</summary>
internal sealed record Fact(Relation Relation, string Subject, string Value);

/// <summary>Subjects with several facts each, all invented; no name occurs twice as a subject.</summary>
internal static class World
{
    private static readonly string[] SubjectKinds =
        ["person", "person", "place", "building", "building", "org", "org", "ship", "event", "thing", "project", "road"];

    public static List<Fact> Create(Forms forms, WordLists words, int subjects, int factsPerSubject, Random random)
    {
        NameSource names = new(random, words);
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        List<Fact> facts = [];
        while (taken.Count < subjects)
        {
            string kind = SubjectKinds[random.Next(SubjectKinds.Length)];
            string subject = names.Value(kind);
            if (!taken.Add(subject))
            {
                continue;
            }

            Relation[] possible = [.. forms.Relations.Where(r => r.SubjectKinds.Contains(kind))];
            random.Shuffle(possible);

            // Two relations whose questions could be confused ("Where is X?") must not meet in one subject.
            HashSet<string> questions = new(StringComparer.Ordinal);
            int count = 0;
            foreach (Relation relation in possible)
            {
                string[] own = [.. forms.Questions(relation, subject)];
                if (count == factsPerSubject || own.Any(questions.Contains))
                {
                    continue;
                }

                // Verb-less nouns are drawn less often, or they would crowd out the forms with verbs.
                if (relation.Questions.Count == 0 && random.Next(3) != 0)
                {
                    continue;
                }

                questions.UnionWith(own);
                facts.Add(new Fact(relation, subject, names.Value(relation.ValueKind)));
                count++;
            }
        }

        return facts;
    }
}
