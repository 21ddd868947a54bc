using System.Text.Json;
using OpenLedger.Datanets.Formats;

namespace OpenLedger.Datanets.Tests.Formats;

public class ColumnMappingTests
{
    private static readonly ColumnMapping Mapping = new ColumnMapping().Rename("q", "question").Join("answer", " | ", "short", "long").Constant("lang", "en").Keep("id");

    [Fact]
    public void ImportAndExport_EveryRule_AreInverse()
    {
        JsonElement row = FormatsTesting.Json("""{"short":"s","q":"Q","long":"l","id":[1],"extra":0}""");
        JsonElement record = Mapping.Import(row);
        Assert.Equal("""{"question":"Q","answer":"s | l","lang":"en","id":[1]}""", record.GetRawText());
        Assert.Equal("""{"q":"Q","short":"s","long":"l","id":[1]}""", Mapping.Export(record).GetRawText());

        ColumnMapping keeping = Mapping with { Unmapped = UnmappedColumns.Keep };
        Assert.True(JsonElement.DeepEquals(row, keeping.Export(keeping.Import(row))));
    }

    [Theory]
    [InlineData("""{"short":"s","long":"l","id":1}""", "the row has no 'q'")]
    [InlineData("""{"q":"Q","short":1,"long":"l","id":1}""", "the column 'short' is Number")]
    [InlineData("""{"q":"Q","id":1,"x":1}""", "no rule names 'x'")]
    public void Import_RowThatDoesNotFit_IsRefused(string row, string message) => Refused(() => (Mapping with { Unmapped = UnmappedColumns.Refuse }).Import(FormatsTesting.Json(row)), message);

    [Theory]
    [InlineData("""{"question":"Q","answer":"s","lang":"en","id":1}""", "has 1 parts and 2 columns")]
    [InlineData("""{"question":"Q","answer":"a | b | c","lang":"en","id":1}""", "has 3 parts and 2 columns")]
    [InlineData("""{"question":"Q","answer":"a | b","lang":"de","id":1}""", "has another value in the record")]
    [InlineData("""{"question":"Q","answer":"a | b","id":1}""", "the row has no 'lang'")]
    public void Export_RecordThatDoesNotFit_IsRefused(string record, string message) => Refused(() => Mapping.Export(FormatsTesting.Json(record)), message);

    [Fact]
    public void Import_KeptColumnWithAFieldsName_IsRefused() =>
        Refused(() => (new ColumnMapping { Unmapped = UnmappedColumns.Keep }).Rename("a", "b").Import(FormatsTesting.Json("""{"a":1,"b":2}""")), "'b' would be there twice");

    [Fact]
    public void Rules_WithOneNameTwice_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Mapping.Rename("q", "other"));
        Assert.Throws<ArgumentException>(() => Mapping.Rename("other", "question"));
        Assert.Throws<ArgumentException>(() => Mapping.Join("j", "", "x", "y"));
        Assert.Throws<ArgumentException>(() => Mapping.Join("j", " ", "x"));
    }

    private static void Refused(Func<JsonElement> act, string message)
    {
        DatanetException exception = Assert.Throws<DatanetException>(() => act());
        Assert.Equal(DatanetError.InvalidMapping, exception.Error);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}
