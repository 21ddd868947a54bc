using OpenLedger.Attribution.Answers;
using OpenLedger.Attribution.Influence;
using OpenLedger.Attribution.Reports;
using OpenLedger.Attribution.Rewards;
using OpenLedger.Attribution.Tests.Reference;
using OpenLedger.Lora.Training.Data;

namespace OpenLedger.Attribution.Tests.Answers;

public sealed class AnswerAttributorTests
{
    /// <summary>Queries share a padded batch, so that float32 sums differ in their last bits.</summary>
    private const double Rounding = 1e-4;

    private static readonly string[] Texts =
    [
        "the harbour master of velmora is tilda roun", "velmora exports amber", "salt goes to the north", "the north sends timber", "amber is found at low tide", "the master keeps the keys",
    ];

    [Fact]
    public void Attribute_Answer_ReportsEveryRecordWithSharesThatSum()
    {
        using TinyAdaptedModel tiny = new();
        AnswerAttributor attributor = new(tiny.Model, tiny.Adapter, tiny.Encoder, Sources(tiny));

        AttributionReport report = attributor.Attribute("what does velmora export?", "velmora exports amber");

        Assert.Equal(RewardAllocation.TotalPpb, report.Records.Aggregate(0UL, (sum, record) => sum + record.WeightPpb));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"r{i}"), report.Records.Select(r => r.RecordId).Order());
        InfluenceScores scores = attributor.Score([("what does velmora export?", "velmora exports amber")], new AnswerAttributorOptions().Method);
        Assert.Equal(scores.Method, report.Method);
        Assert.All(report.Records, record =>
        {
            int index = record.RecordId[1] - '0';
            Assert.Equal(scores[0, index], record.Influence);
            Assert.Equal(attributor.Sources[index].Contributor, record.Contributor);
            Assert.True(record.WeightPpb == 0 || record.Influence > 0, "a record that did not help earns");
        });
        Assert.Contains(report.Spans, span => span.RecordIds.Contains("r1"));
        Assert.Equal(1, report.Coverage);
        AttributionReport back = AttributionReport.FromJson(report.ToJson());
        Assert.Equal(report.ToJson(), back.ToJson());
    }

    [Fact]
    public void Score_TheAnswerThatWasTrainedOn_RanksItsRecordFirst()
    {
        using TinyAdaptedModel tiny = new();
        AnswerAttributor attributor = new(tiny.Model, tiny.Adapter, tiny.Encoder, Sources(tiny));

        // A record's own question has exactly its gradient, so that cosine gives 1 and nothing gives more.
        InfluenceScores scores = attributor.Score([.. Enumerable.Range(0, 6).Select(i => (Question(i), Texts[i]))], new GradientCosineInfluence());

        Assert.All(Enumerable.Range(0, 6), i =>
        {
            Assert.Equal([i], scores.Top(i, 1));
            Assert.Equal(1, scores[i, i], Rounding);
        });
    }

    [Fact]
    public void Score_SeveralMethods_EqualsEachAlone()
    {
        using TinyAdaptedModel tiny = new();
        AnswerAttributor attributor = new(tiny.Model, tiny.Adapter, tiny.Encoder, Sources(tiny));
        (string, string)[] answers = [("who?", "tilda"), ("what?", "amber")];
        IInfluenceMethod[] methods = [new DataInfInfluence(), new EmpiricalFisherInfluence(), new GradientDotInfluence()];

        IReadOnlyList<InfluenceScores> together = attributor.Score(answers, methods);

        Assert.Equal(methods.Select(m => m.Name), together.Select(s => s.Method));
        for (int i = 0; i < methods.Length; i++)
        {
            InfluenceScores alone = attributor.Score(answers, methods[i]);
            Assert.Equal((2, 6), (together[i].QueryCount, together[i].TrainCount));
            Assert.Equal(alone.Query(1), together[i].Query(1));
            Assert.NotEqual(0, alone[1, 0]);
        }

        Assert.NotEqual(together[0].Query(0).ToArray(), together[1].Query(0).ToArray());
        Assert.Empty(attributor.Score(answers, Array.Empty<IInfluenceMethod>()));
    }

    [Fact]
    public void Score_MoreAnswersThanOneChunk_EqualsOneByOne()
    {
        using TinyAdaptedModel tiny = new();
        AnswerAttributor attributor = new(tiny.Model, tiny.Adapter, tiny.Encoder, Sources(tiny));
        (string Question, string Answer)[] answers = [.. Enumerable.Range(0, 67).Select(i => ($"what is {i}?", $"{i * 7} {Texts[i % 6]}"))];
        EmpiricalFisherInfluence method = new();

        InfluenceScores all = attributor.Score(answers, method);

        Assert.Equal(67, all.QueryCount);
        foreach (int i in new[] { 0, 1, 62, 63, 64, 65, 66 })
        {
            double[] alone = attributor.Score([answers[i]], method).Query(0).ToArray();
            Assert.InRange(Samples.RelativeError(alone, all.Query(i).ToArray()), 0, Rounding);
        }
    }

    [Fact]
    public void Attribute_EmptyAnswer_StillHasShares()
    {
        using TinyAdaptedModel tiny = new();
        AnswerAttributor attributor = new(tiny.Model, tiny.Adapter, tiny.Encoder, Sources(tiny));

        AttributionReport report = attributor.Attribute("who?", "");

        Assert.Equal(6, report.Records.Count);
        Assert.Empty(report.Spans);
    }

    [Fact]
    public async Task Attribute_FromManyThreads_GivesTheSameReports()
    {
        using TinyAdaptedModel tiny = new();
        AnswerAttributor attributor = new(tiny.Model, tiny.Adapter, tiny.Encoder, Sources(tiny));
        byte[] expected = attributor.Attribute("who?", "tilda roun").ToJson();

        byte[][] reports = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => attributor.Attribute("who?", "tilda roun").ToJson())));

        Assert.All(reports, report => Assert.Equal(expected, report));
    }

    [Fact]
    public void Constructor_BadInput_IsRefused()
    {
        using TinyAdaptedModel tiny = new();
        AttributionSource[] sources = Sources(tiny);
        void Refused(string part, IReadOnlyList<AttributionSource> with, AnswerAttributorOptions? options = null) => Assert.Contains(
            part,
            Assert.Throws<ArgumentException>(() => new AnswerAttributor(tiny.Model, tiny.Adapter, tiny.Encoder, with, options)).Message,
            StringComparison.Ordinal);

        Refused("nothing to attribute to", []);
        Refused("'r2' occurs 2 times", [.. sources, sources[2]]);
        Refused("Record 5 has no training example", [.. sources[..5], sources[5] with { Examples = [] }]);
        Refused("Method is null, legal is an influence method; BatchSize is 0, legal is 1 to 4096", sources, new AnswerAttributorOptions { Method = null!, BatchSize = 0 });
    }

    [Fact]
    public void Score_BadInput_IsRefused()
    {
        using TinyAdaptedModel tiny = new();
        AnswerAttributor attributor = new(tiny.Model, tiny.Adapter, tiny.Encoder, Sources(tiny));

        Assert.Contains("nothing to score", Assert.Throws<ArgumentException>(() => attributor.Score([], new DataInfInfluence())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => attributor.Attribute(new string('z', 200), "too long"));
        Assert.Throws<OperationCanceledException>(() => attributor.Attribute("who?", "tilda", new CancellationToken(canceled: true)));
    }

    private static string Question(int record) => $"what about {record}?";

    private static AttributionSource[] Sources(TinyAdaptedModel tiny) =>
    [
        .. Texts.Select((text, i) => new AttributionSource($"r{i}", People.Contributor(i + 1), text, (TrainingExample[])[tiny.Encoder.Question($"r{i}", Question(i), text)])),
    ];
}
