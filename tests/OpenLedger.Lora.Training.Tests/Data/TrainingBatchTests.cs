using OpenLedger.Lora.Training.Data;

namespace OpenLedger.Lora.Training.Tests.Data;

public sealed class TrainingBatchTests
{
    [Fact]
    public void Constructor_TwoLengths_PadsRightAndShiftsLabels()
    {
        using TrainingBatch batch = new([new TrainingExample("a", [5, 6, 7, 8], 2), new TrainingExample("b", [9, 4], 1)]);

        const long no = TrainingBatch.IgnoredLabel;
        Assert.Equal([2, 3], batch.Inputs.shape);
        Assert.Equal([5, 6, 7, 9, 0, 0], batch.Inputs.data<long>().ToArray());
        Assert.Equal([no, 7, 8, 4, no, no], batch.Labels.data<long>().ToArray());
        Assert.Equal((4, 3, 9), (batch.Tokens, batch.LossTokens, batch.LargestToken));
    }

    [Fact]
    public void Constructor_NothingToPredict_IsRefusedByName()
    {
        void Refused(int lossFrom, params int[] tokens) => Assert.Contains(
            "'x'", Assert.Throws<ArgumentException>(() => new TrainingBatch([new TrainingExample("x", tokens, lossFrom)])).Message, StringComparison.Ordinal);

        Refused(1);
        Refused(1, 3);
        Refused(0, 3, 4);
        Refused(2, 3, 4);
        Refused(1, 3, -4);
        Assert.Throws<ArgumentException>(() => new TrainingBatch([]));
    }
}
