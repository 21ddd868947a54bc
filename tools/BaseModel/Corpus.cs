using OpenLedger.BaseModel.Worlds;
using OpenLedger.Lora.Training.Data;

namespace OpenLedger.BaseModel;

/// <summary>An endless stream of training examples about invented worlds.</summary>
/// <remarks>
/// A share of the examples, <c>exerciseShare</c>, states a fact nobody has heard before and has the model write an exercise on it: the same
/// fact asked in other words, with the answer. Fine-tuning uses that skill to ask every contributed record in several ways.
/// </remarks>
internal sealed class Corpus(Forms forms, WordLists words, IReadOnlyList<Fact> facts, double exerciseShare, Random random)
{
    /// <summary>Share of examples that are questions; the rest is prose.</summary>
    private const double QuestionShare = 0.6;

    private Queue<Fact> _fresh = new();

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
        if (random.NextDouble() < exerciseShare)
        {
            return NextExercise(encoder);
        }

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
            ? (Roughen(Ask(fact)), fact.Value)
            : (State(fact), "");
    }

    private TrainingExample NextExercise(InstructionEncoder encoder)
    {
        if (_fresh.Count == 0)
        {
            _fresh = new Queue<Fact>(World.Create(forms, words, 200, 1, random));
        }

        Fact fact = _fresh.Dequeue();
        string asked = Ask(fact), source;
        if (random.NextDouble() < QuestionShare)
        {
            source = Ask(fact);
            for (int tries = 0; source == asked && tries < 8; tries++)
            {
                asked = Ask(fact);
            }

            source = $"{Roughen(source)} {fact.Value}";
        }
        else
        {
            source = State(fact);
        }

        return encoder.Exercise("", source, asked, fact.Value);
    }

    private string Ask(Fact fact) => Choose(forms.Questions(fact.Relation, fact.Subject), fact.Relation.Questions.Count);

    private string State(Fact fact) => Choose(forms.Statements(fact.Relation, fact.Subject, fact.Value), fact.Relation.Statements.Count);

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
