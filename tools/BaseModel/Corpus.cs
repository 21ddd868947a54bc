using OpenLedger.BaseModel.Worlds;
using OpenLedger.Lora.Training.Data;

namespace OpenLedger.BaseModel;

/// <summary>An endless stream of training examples about invented worlds.</summary>
internal sealed class Corpus(Forms forms, IReadOnlyList<Fact> facts, Random random)
{
    /// <summary>Share of examples that are questions; the rest is prose.</summary>
    private const double QuestionShare = 0.65;

    public IEnumerable<string> Texts(int count)
    {
        for (int i = 0; i < count; i++)
        {
            (string question, string answer) = NextText();
            yield return question;
            yield return answer;
        }
    }

    /// <summary>Batches of roughly <paramref name="tokens"/> padded tokens; examples of similar length share a batch.</summary>
    public IEnumerable<TrainingExample[]> Batches(InstructionEncoder encoder, int tokens)
    {
        while (true)
        {
            TrainingExample[] pool = [.. Enumerable.Range(0, 2048).Select(_ => Next(encoder)).OrderBy(e => e.Tokens.Count)];
            List<TrainingExample[]> batches = [];
            for (int start = 0; start < pool.Length;)
            {
                int end = start;
                while (end < pool.Length && (end - start + 1) * pool[end].Tokens.Count <= tokens)
                {
                    end++;
                }

                batches.Add(pool[start..end]);
                start = end;
            }

            foreach (TrainingExample[] batch in random.GetItems<TrainingExample[]>(batches.ToArray(), batches.Count))
            {
                yield return batch;
            }
        }
    }

    private TrainingExample Next(InstructionEncoder encoder)
    {
        (string text, string answer) = NextText();
        if (answer.Length > 0)
        {
            return encoder.Question("", text, answer);
        }

        IReadOnlyList<TrainingExample> cuts = encoder.Prose("", text);
        return cuts[random.Next(cuts.Count)];
    }

    private (string Text, string Answer) NextText()
    {
        Fact fact = facts[random.Next(facts.Count)];
        return random.NextDouble() < QuestionShare
            ? (Roughen(Choose(forms.Questions(fact.Relation, fact.Subject), fact.Relation.Questions.Count)), fact.Value)
            : (Choose(forms.Statements(fact.Relation, fact.Subject, fact.Value), fact.Relation.Statements.Count), "");
    }

    /// <summary>Half of the draws take a form with a verb where the relation has one; the generic forms would outnumber them.</summary>
    private string Choose(IEnumerable<string> all, int verbs)
    {
        string[] texts = [.. all];
        return verbs > 0 && random.Next(2) == 0 ? texts[random.Next(verbs)] : texts[random.Next(texts.Length)];
    }

    /// <summary>People forget capitals and question marks.</summary>
    private string Roughen(string question) => random.Next(20) switch
    {
        0 => char.ToLowerInvariant(question[0]) + question[1..],
        1 => question.TrimEnd('?', '.'),
        2 => char.ToLowerInvariant(question[0]) + question[1..].TrimEnd('?', '.'),
        3 => "Please tell me: " + char.ToLowerInvariant(question[0]) + question[1..],
        _ => question,
    };
}
