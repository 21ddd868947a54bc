using System.Text;
using CsCheck;
using OpenLedger.Datanets.Access;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Access;

public sealed class AuditLogTests : IDisposable
{
    private static readonly ContributorId Ann = JournalBench.Person("ann");
    private readonly JournalBench _bench = new();
    private readonly AuditLog _log;

    public AuditLogTests()
    {
        _log = new AuditLog(_bench.Journal);
        ReviewQueue queue = new(_bench.Journal, new());
        AccessLedger ledger = new(_bench.Journal, new() { Verifier = KeyedSigner.Verifier });
        ledger.SetTerms(JournalBench.Owner, new());
        long task = queue.Enqueue(JournalBench.Owner, [new() { Record = JournalBench.Record(0), Contributor = JournalBench.Person("giver") }])[0];
        _bench.Clock.Advance(TimeSpan.FromHours(1));
        queue.Claim(Ann, task);
        queue.Answer(Ann, task, ReviewAnswer.Accept);
        ledger.Request(Ann, new() { Purpose = AccessPurpose.Training });
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Read_Filters_ShowWhatTheyName()
    {
        Assert.Equal(6, _log.Read(new()).Count());
        Assert.Equal(["access.terms-set", "access.requested"], _log.Read(new() { KindPrefix = "access." }).Select(e => e.Kind));
        Assert.Equal(4, _log.Read(new() { Actor = Ann }).Count());
        DateTimeOffset later = _bench.Clock.GetUtcNow();
        Assert.Equal((4, 2), (_log.Read(new() { From = later }).Count(), _log.Read(new() { Before = later }).Count()));
    }

    [Fact]
    public async Task Export_Journal_VerifiesAndAnyChangeDoesNot()
    {
        using MemoryStream stream = new();
        AuditReport written = await _log.ExportAsync(stream);
        byte[] bytes = stream.ToArray();
        Assert.Equal(written, await Verify(bytes));
        Assert.Equal((6, JournalBench.Id, _bench.Journal.Events().Last().Digest), (written.Count, written.DatanetId, written.Head));
        Assert.Equal(new AuditReport(null, 0, default), await Verify([]));

        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, (await ThrowsAsync(Join([.. lines[..2], .. lines[3..]]))).LineNumber); // left out
        Assert.Equal(2, (await ThrowsAsync(Join([lines[0], lines[2], lines[1]]))).LineNumber); // swapped
        Assert.Equal(2, (await ThrowsAsync(Join([lines[0], lines[0]]))).LineNumber); // repeated
        Assert.Equal(6, (await ThrowsAsync(bytes[..^1])).LineNumber); // cut off
        Assert.NotEqual(written.Head, (await Verify(Join(lines[..5]))).Head); // cut at a line: only the head tells

        byte[] Join(string[] parts) => Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => part + "\n")));
    }

    [Fact]
    public async Task Verify_AnyByteFlipped_FailsOrHasAnotherHead()
    {
        using MemoryStream stream = new();
        AuditReport written = await _log.ExportAsync(stream);
        byte[] bytes = stream.ToArray();
        await Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Int[1, 255]).SampleAsync(
            async (at, mask) =>
            {
                byte[] changed = [.. bytes];
                changed[at] ^= (byte)mask;
                try
                {
                    Assert.NotEqual(written.Head, (await Verify(changed)).Head);
                }
                catch (DatanetException exception)
                {
                    Assert.NotNull(exception.LineNumber);
                }
            },
            iter: 2000);
    }

    [Fact]
    public async Task Verify_EndlessLine_StopsAtTheLimit()
    {
        byte[] endless = new byte[(1 << 20) + 10_000];
        Array.Fill(endless, (byte)'x');
        Assert.Equal(DatanetError.LimitExceeded, (await ThrowsAsync(endless)).Error);
        Assert.Equal(DatanetError.LimitExceeded, (await ThrowsAsync([.. endless, (byte)'\n'])).Error);
    }

    private static async Task<AuditReport> Verify(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return await AuditLog.VerifyAsync(stream);
    }

    private static Task<DatanetException> ThrowsAsync(byte[] bytes) => Assert.ThrowsAsync<DatanetException>(() => Verify(bytes));
}
