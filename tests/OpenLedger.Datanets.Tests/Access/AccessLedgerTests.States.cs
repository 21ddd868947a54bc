using OpenLedger.Datanets.Access;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Access;

/// <content>Every step in every state: the ones in the table are possible, all others are refused.</content>
public sealed partial class AccessLedgerTests
{
    /// <summary>The table of <c>docs/datanets/access.md</c>: the one state in which a step is possible.</summary>
    private static readonly Dictionary<string, AccessRequestState> Legal = new()
    {
        ["cancel"] = AccessRequestState.Pending,
        ["pay"] = AccessRequestState.Pending,
        ["approve"] = AccessRequestState.Pending,
        ["deny"] = AccessRequestState.Pending,
        ["revoke"] = AccessRequestState.Approved,
        ["use"] = AccessRequestState.Approved,
    };

    public static TheoryData<AccessRequestState, string> StatesAndSteps()
    {
        TheoryData<AccessRequestState, string> cases = [];
        foreach (AccessRequestState state in Enum.GetValues<AccessRequestState>())
        {
            foreach (string step in Legal.Keys)
            {
                cases.Add(state, step);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(StatesAndSteps))]
    public async Task Steps_InEveryState_AreLegalAsTheTableSays(AccessRequestState state, string step)
    {
        Payments payments = new() { Arrived = { "tx1" } };
        AccessLedger ledger = Open(new() { Price = step == "pay" ? 5u : 0u }, payments);
        long id = ledger.Request(Ann, Apply());
        string token = "";
        if (state is AccessRequestState.Approved or AccessRequestState.Revoked)
        {
            if (step == "pay")
            {
                Assert.True(await ledger.ConfirmPaymentAsync(id, "tx1"));
            }

            token = ledger.Approve(JournalBench.OwnerKey, id).Text;
        }

        Action bring = state switch
        {
            AccessRequestState.Denied => () => ledger.Deny(Owner, id),
            AccessRequestState.Cancelled => () => ledger.Cancel(Ann, id),
            AccessRequestState.Revoked => () => ledger.Revoke(Owner, id),
            AccessRequestState.Expired => () => _bench.Clock.Advance(TimeSpan.FromDays(30)),
            _ => () => { }
            ,
        };
        bring();
        Assert.Equal(state, ledger.Find(id)!.State);
        if (token.Length == 0)
        {
            // What the token would be, had somebody kept one: the ledger must not honour it.
            AccessGrant grant = new(id, JournalBench.Id, Owner, Ann, AccessPurpose.Training, new(), _bench.Clock.GetUtcNow());
            token = AccessToken.Sign(grant, JournalBench.OwnerKey).Text;
        }

        Action take = step switch
        {
            "cancel" => () => ledger.Cancel(Ann, id),
            "pay" => () => Assert.True(ledger.ConfirmPaymentAsync(id, "tx1").GetAwaiter().GetResult()),
            "approve" => () => ledger.Approve(JournalBench.OwnerKey, id),
            "deny" => () => ledger.Deny(Owner, id),
            "revoke" => () => ledger.Revoke(Owner, id),
            _ => () => ledger.CheckOnline(token, Training),
        };
        if (Legal[step] == state)
        {
            take();
        }
        else
        {
            DatanetException refused = JournalBench.Throws(step == "use" ? DatanetError.AccessDenied : DatanetError.AccessStateConflict, take);
            Assert.True(step == "use" || refused.Message.Contains(state.ToString(), StringComparison.Ordinal));
            Assert.Equal(state, ledger.Find(id)!.State);
        }
    }

    [Fact]
    public void Steps_UnknownRequestOrWrongActor_AreRefused()
    {
        AccessLedger ledger = Open(new());
        Action[] unknown =
        [
            () => ledger.Cancel(Ann, 99), () => ledger.Approve(JournalBench.OwnerKey, 99), () => ledger.Deny(Owner, 99), () => ledger.Revoke(Owner, 99),
            () => ledger.FindToken(99), () => ledger.FindApplication(99), () => ledger.EraseApplication(Owner, 99),
        ];
        Assert.All(unknown, step => JournalBench.Throws(DatanetError.AccessNotFound, step));
        Assert.Null(ledger.Find(99));
        long id = ledger.Request(Ann, Apply());
        Action[] foreign = [() => ledger.Cancel(Owner, id), () => ledger.Deny(Ann, id), () => ledger.Revoke(Ann, id)];
        Assert.All(foreign, step => JournalBench.Throws(DatanetError.NotPermitted, step));
    }
}
