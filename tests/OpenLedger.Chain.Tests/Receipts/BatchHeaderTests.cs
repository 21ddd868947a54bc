using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Evm.Eip712;
using OpenLedger.Chain.Receipts;

namespace OpenLedger.Chain.Tests.Receipts;

public class BatchHeaderTests
{
    [Fact]
    public void TypeHash_IsPinned() => Assert.Equal("0x0fcef3d27c5fda1466de3b22cc10ea1711934c278b75e4c94759ee42b5a518a4", BatchHeader.TypeHash.ToString());

    [Fact]
    public void Digest_EqualsTheGeneralEncoder()
    {
        BatchHeader header = new()
        {
            Operator = Samples.Operator.Address,
            Epoch = 3,
            PrevBatchHash = Bytes32.HashOf("prev"),
            ReceiptsRoot = Bytes32.HashOf("receipts"),
            PayoutRoot = Bytes32.HashOf("payouts"),
            Gross = UInt128.MaxValue,
            Count = ulong.MaxValue,
            DaCommitmentHash = Bytes32.HashOf("data"),
            FromTimestamp = 5,
            ToTimestamp = 6,
        };
        TypedDataEncoder encoder = new(TypeStrings.Parse(BatchHeader.TypeString));
        Dictionary<string, object> value = new()
        {
            ["operator"] = header.Operator,
            ["epoch"] = header.Epoch,
            ["prevBatchHash"] = header.PrevBatchHash,
            ["receiptsRoot"] = header.ReceiptsRoot,
            ["payoutRoot"] = header.PayoutRoot,
            ["gross"] = header.Gross,
            ["count"] = header.Count,
            ["daCommitmentHash"] = header.DaCommitmentHash,
            ["fromTs"] = header.FromTimestamp,
            ["toTs"] = header.ToTimestamp,
        };
        Assert.Equal(BatchHeader.TypeString, encoder.EncodeType("Batch"));
        Assert.Equal(encoder.Digest(Samples.Identity.Domain, "Batch", value), header.Digest(Samples.Identity));
    }
}
