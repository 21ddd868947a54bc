using System.Text;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Versions;

public class DatanetVersionTests
{
    [Fact]
    public void Parse_Header_GivesTheSameVersion()
    {
        DatanetVersion version = Sample();
        DatanetVersion copy = DatanetVersion.Parse(version.Header.Span);
        Assert.Equal((version.Id, version.Number, version.Parent, version.Root), (copy.Id, copy.Number, copy.Parent, copy.Root));
        Assert.Equal((version.TreeSize, version.Schema, version.Author, version.Time), (copy.TreeSize, copy.Schema, copy.Author, copy.Time));
        Assert.Equal((version.DatanetId, version.Message, version.Branch), (copy.DatanetId, copy.Message, copy.Branch));
        Assert.Equal((version.RecordCount, version.Manifest), (copy.RecordCount, copy.Manifest));
    }

    [Theory]
    [InlineData("\"number\":2", "\"number\":1")]
    [InlineData("\"number\":2", "\"number\":0")]
    [InlineData("\"number\":2", "\"number\": 2")]
    [InlineData("\"number\":2", "\"number\":2.0")]
    [InlineData("\"number\":2", "\"number\":\"2\"")]
    [InlineData("\"treeSize\":2", "\"treeSize\":0")]
    [InlineData("\"recordCount\":2", "\"recordCount\":3")]
    [InlineData("\"recordCount\":2", "\"recordCount\":-1")]
    [InlineData("\"branch\":\"main\"", "\"branch\":\"Main\"")]
    [InlineData("\"parents\":[", "\"parents\":[null,")]
    [InlineData("\"treeSize\":2", "\"treeSize\":2,\"x\":1")]
    [InlineData("\"datanet\":\"facts\"", "\"datanet\":\"Facts\"")]
    [InlineData("12:00:00.000Z", "12:00:00Z")]
    [InlineData("secp256k1:0x", "secp256k2:0x")]
    [InlineData("version/2", "version/3")]
    public void Parse_ChangedHeader_IsRefused(string old, string changed)
    {
        string header = Encoding.UTF8.GetString(Sample().Header.Span);
        Assert.Contains(old, header, StringComparison.Ordinal);
        byte[] bytes = Encoding.UTF8.GetBytes(header.Replace(old, changed, StringComparison.Ordinal));
        Assert.Equal(DatanetError.InvalidVersion, Assert.Throws<DatanetException>(() => DatanetVersion.Parse(bytes)).Error);
    }

    [Fact]
    public void Parse_FlippedBytes_GivesAnotherIdOrTheDocumentedException()
    {
        DatanetVersion version = Sample();
        byte[] valid = version.Header.ToArray();
        Random random = new(3);
        int accepted = 0;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] bytes = [.. valid];
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.NotEqual(version.Id, DatanetVersion.Parse(bytes).Id);
                accepted++;
            }
            catch (DatanetException)
            {
                continue;
            }
        }

        Assert.True(accepted > 100, $"only {accepted} flips gave another legal header");
    }

    private static DatanetVersion Sample()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet datanet = DatanetTests.Create("facts", store, new SteppingClock());
        datanet.Submit(DatanetTests.Give(new KeyedSigner("alice"), "one"));
        datanet.Commit("first");
        datanet.Submit(DatanetTests.Give(new KeyedSigner("bob"), "two"));
        return datanet.Commit("second \"é\"");
    }
}
