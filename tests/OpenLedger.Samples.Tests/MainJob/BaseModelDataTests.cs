using OpenLedger.BaseModel.Worlds;
using PayableAi.Input;

namespace OpenLedger.Samples.Tests.MainJob;

/// <summary>The worlds that the base model was trained on hold none of the facts that the sample contributes.</summary>
public class BaseModelDataTests
{
    private const int Seed = 1, Subjects = 1500, FactsPerSubject = 7;

    [Fact]
    public void TrainingWorlds_Hold_NoContributedFact()
    {
        Forms forms = Forms.Load(Path.Combine(AppContext.BaseDirectory, "Worlds", "forms.txt"));
        WordLists words = WordLists.Load(Path.Combine(AppContext.BaseDirectory, "Worlds", "words.txt"));
        List<Fact> facts = World.Create(forms, words, Subjects, FactsPerSubject, new Random(Seed));
        Assert.Equal(Subjects * FactsPerSubject, facts.Count);

        // The facts of the exercises are drawn without end; a sample of them stands for the rest.
        facts.AddRange(World.Create(forms, words, 5000, 1, new Random(Seed + 1)));
        string[] contributed = [.. SampleData.Load(SampleFolder.OwnData).Submissions.SelectMany(s => s.Lines).Select(l => l.Record.Element.ToString())];
        Assert.All(facts, fact => Assert.DoesNotContain(
            contributed, text => text.Contains(fact.Subject, StringComparison.Ordinal) && text.Contains(fact.Value, StringComparison.Ordinal)));
    }
}
