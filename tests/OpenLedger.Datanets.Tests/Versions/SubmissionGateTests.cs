using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Versions;

public sealed class SubmissionGateTests : IDisposable
{
    private static readonly KeyedSigner Alice = new("alice");
    private readonly SqliteDatanetStore _store = SqliteDatanetStore.OpenInMemory();
    private readonly SteppingClock _clock = new();
    private readonly List<string> _calls = [];

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Submit_WithGates_AsksEachInOrderWithWhatItPrepared()
    {
        Datanet datanet = Open(new Gate("a", _calls, _ => null), new Gate("b", _calls, text => text == "bad" ? "bad_word" : null));
        ContributionDraft draft = DatanetTests.Draft("good", "bad", "GOOD");
        draft = draft with { Records = [.. draft.Records, DatanetRecord.Parse("""{"x":1}""")] };
        ContributionResult result = datanet.Submit(Contribution.Sign(draft, Alice));
        Assert.Equal(
            [null, RefusalReason.RefusedByGate, RefusalReason.DuplicateInContribution, RefusalReason.SchemaViolation],
            result.Outcomes.Select(outcome => outcome.Reason));
        Assert.Equal(("bad_word", "facts.jsonl:2: b says no."), (result.Outcomes[1].GateCode, result.Outcomes[1].Message));
        Assert.Equal(new EarlierRecord(default, Alice.Contributor, 7), result.Outcomes[1].Earlier);
        Assert.Equal(["a good", "b good", "a accepted good at 0", "b accepted good at 0", "a bad", "b bad"], _calls);
        Assert.Equal([0, 0], _store.Read(reader => reader.FindItem("facts", "a", new byte[] { 0 }))!); // position, number of items seen before
    }

    [Fact]
    public void Submit_GateSeesItsOwnEarlierWrites_InTheSameContribution()
    {
        Datanet datanet = Open(new Gate("a", _calls, _ => null));
        datanet.Submit(DatanetTests.Give(Alice, "one", "two", "three"));
        Assert.Equal([2, 2], _store.Read(reader => reader.FindItem("facts", "a", new byte[] { 2 }))!);
    }

    [Fact]
    public void Submit_GateThrows_KeepsNothing()
    {
        InvalidOperationException failure = new("gate");
        Datanet datanet = Open(new Gate("a", _calls, text => text == "two" ? throw failure : null));
        Assert.Same(failure, Assert.Throws<InvalidOperationException>(() => datanet.Submit(DatanetTests.Give(Alice, "one", "two"))));
        Assert.Equal(0, _store.Read(reader => reader.CountSteps("facts")));
        Assert.Null(_store.Read(reader => reader.FindItem("facts", "a", new byte[] { 0 })));
        Assert.Equal(1, datanet.Submit(DatanetTests.Give(Alice, "one")).AcceptedCount);
    }

    [Fact]
    public void Submit_PrepareThrowsOnAnyThread_GivesTheGatesException()
    {
        InvalidOperationException failure = new("prepare");
        Datanet datanet = Open(new Gate("a", _calls, _ => null) { PrepareFailure = failure });
        Assert.Same(failure, Assert.Throws<InvalidOperationException>(
            () => datanet.Submit(DatanetTests.Give(Alice, [.. Enumerable.Range(0, 200).Select(i => $"record {i}")]))));
        Assert.Same(failure, Assert.Throws<InvalidOperationException>(() => datanet.Submit(DatanetTests.Give(Alice, "one"))));
    }

    [Fact]
    public void Submit_ToABranch_TellsTheGate()
    {
        List<string> branches = [];
        Datanet datanet = Open(new Gate("a", _calls, _ => null) { Branches = branches });
        datanet.CreateBranch("inbox");
        datanet.Submit(DatanetTests.Give(Alice, "one"));
        datanet.Submit(DatanetTests.Give(Alice, "two"), "inbox");
        Assert.Equal(["main", "inbox"], branches);
    }

    [Fact]
    public void Erase_Record_TellsTheGates()
    {
        Datanet datanet = Open(new Gate("a", _calls, _ => null));
        Contribution contribution = DatanetTests.Give(Alice, "one", "two");
        datanet.Submit(contribution);
        _calls.Clear();
        datanet.Erase(contribution.Records[1].Digest, Alice.Contributor, ErasureReason.Secret);
        Assert.Equal([$"a erased {contribution.Records[1].Digest} at 1"], _calls);
        Assert.Null(_store.Read(reader => reader.FindItem("facts", "a", new byte[] { 1 })));
    }

    private Datanet Open(params SubmissionGate[] gates)
    {
        DatanetTests.Create("facts", _store, _clock);
        return Datanet.Open("facts", DatanetTests.Options(_store, _clock) with { Gates = gates });
    }

    private sealed class Gate(string name, List<string> calls, Func<string, string?> judge) : SubmissionGate
    {
        public Exception? PrepareFailure { get; init; }

        public List<string> Branches { get; init; } = [];

        public override object? Prepare(DatanetRecord record, ContributionStatement statement)
        {
            Assert.Equal("CC-BY-4.0", statement.Licence);
            return PrepareFailure is null ? name + " " + Text(record) : throw PrepareFailure;
        }

        public override GateRefusal? Examine(GateSubmission submission)
        {
            Assert.Equal(name + " " + Text(submission.Record), submission.Prepared);
            Assert.Equal(("facts", new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero)), (submission.DatanetId, submission.Now));
            calls.Add($"{name} {Text(submission.Record)}");
            Branches.Add(submission.Branch);
            return judge(Text(submission.Record)) is string code
                ? new GateRefusal(code, $"{name} says no.", new EarlierRecord(default, Alice.Contributor, 7))
                : null;
        }

        public override void Accepted(GateSubmission submission, long position)
        {
            calls.Add($"{name} accepted {Text(submission.Record)} at {position}");
            int seen = submission.Writer.ReadItems("facts", name, ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty, 100).Count;
            submission.Writer.PutItem("facts", name, new[] { (byte)position }, new[] { (byte)position, (byte)seen });
        }

        public override void Erased(string datanetId, long position, RecordDigest digest, IDatanetWriter writer)
        {
            calls.Add($"{name} erased {digest} at {position}");
            writer.RemoveItem(datanetId, name, new[] { (byte)position });
        }

        private static string Text(DatanetRecord record) => record.TryGetText("text", out string? text) ? text : "";
    }
}
