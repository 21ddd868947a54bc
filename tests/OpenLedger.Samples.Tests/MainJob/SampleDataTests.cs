using OpenLedger.Lora.Training.Augmentation;
using PayableAi.Input;
using PayableAi.Steps;

namespace OpenLedger.Samples.Tests.MainJob;

public class SampleDataTests
{
    private static readonly SampleData Own = SampleData.Load(SampleFolder.OwnData);

    [Fact]
    public void OwnData_Holds_WhatTheSamplePromises()
    {
        List<SourceLine> lines = [.. Own.Submissions.SelectMany(s => s.Lines)];
        Assert.True(lines.Count >= 300, $"{lines.Count} records");
        Assert.Equal(3, Own.Submissions.Select(s => s.Contributor).Distinct().Count());
        Assert.Equal(2, Own.Submissions.Select(s => s.Datanet).Distinct().Count());
        Assert.Contains(lines, l => l.Record.TryGetText("text", out _));
        Assert.Contains(lines, l => l.Record.TryGetText("question", out _));
        Assert.True(Own.HeldOut.Count >= 60, $"{Own.HeldOut.Count} held-out questions");
        Assert.Equal(3, Own.HeldOut.Count(h => h.Show));
    }

    [Fact]
    public void HeldOut_NoQuestion_OccursInTheTrainingData()
    {
        HashSet<string> asked = [.. Lines().Where(l => l.Record.TryGetText("question", out _)).Select(l => FineTune.Plain(Text(l, "question")))];
        string[] prose = [.. Lines().Where(l => l.Record.TryGetText("text", out _)).Select(l => FineTune.Plain(Text(l, "text")))];
        Assert.All(Own.HeldOut, h =>
        {
            string plain = FineTune.Plain(h.Question);
            Assert.DoesNotContain(plain, asked);
            Assert.DoesNotContain(prose, p => p.Contains(plain, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void HeldOut_EveryAnswer_StandsInTheRecordThatHoldsTheFact()
    {
        Dictionary<string, SourceLine> byId = Lines().ToDictionary(l => l.Id, StringComparer.Ordinal);
        Assert.All(Own.HeldOut, h => Assert.All(h.Records, id =>
        {
            SourceLine line = byId[id];
            string text = line.Record.TryGetText("answer", out string? answer) ? answer : Text(line, "text");
            Assert.Contains(h.Answer, text, StringComparison.Ordinal);
        }));
    }

    [Fact]
    public void LeaveOut_ExerciseThatIsAHeldOutQuestion_IsDropped()
    {
        HeldOutQuestion heldOut = new("Who keeps Marrow Light?", "Tamsin Orrell", ["x"], false);
        Exercise[] exercises = [new("who  keeps marrow light", "Tamsin Orrell"), new("Who looks after Marrow Light?", "Tamsin Orrell")];
        Exercise kept = Assert.Single(FineTune.LeaveOut(exercises, [heldOut]));
        Assert.Equal("Who looks after Marrow Light?", kept.Question);
    }

    [Fact]
    public void BaseModel_Fits_TheSizeThatIsPromised()
    {
        long bytes = Directory.EnumerateFiles(SampleFolder.BaseModel).Sum(f => new FileInfo(f).Length);
        Assert.InRange(bytes, 1, 12_000_000);
        using OpenLedger.Lora.Models.ModelFolder model = OpenLedger.Lora.Models.ModelFolder.Open(SampleFolder.BaseModel);
        long parameters = OpenLedger.Lora.Training.Autograd.TorchDecoder.Shapes(model.Description).Sum(s => s.Shape.Aggregate(1L, (a, b) => a * b));
        Assert.InRange(parameters, 1_000_000, 5_000_000);
    }

    private static IEnumerable<SourceLine> Lines() => Own.Submissions.SelectMany(s => s.Lines);

    private static string Text(SourceLine line, string field) => line.Record.TryGetText(field, out string? text) ? text : "";
}
