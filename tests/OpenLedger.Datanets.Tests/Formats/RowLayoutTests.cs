using OpenLedger.Datanets.Formats;

namespace OpenLedger.Datanets.Tests.Formats;

public class RowLayoutTests
{
    [Theory]
    [InlineData("""{"a":1}|{"a":2}""", "WholeNumber", false)]
    [InlineData("""{"a":1}|{"a":2.5}""", "Number", false)]
    [InlineData("""{"a":9007199254740993}|{"a":2.5}""", "Json", false)]
    [InlineData("""{"a":100000000000000000000}""", "Json", false)]
    [InlineData("""{"a":1e400}""", "Json", false)]
    [InlineData("""{"a":1e20}""", "Number", false)]
    [InlineData("""{"a":"x"}|{}""", "Text", true)]
    [InlineData("""{"a":"x"}|{"a":null}""", "Text", false)]
    [InlineData("""{"a":"x"}|{"a":null}|{}""", "Json", true)]
    [InlineData("""{"a":"x"}|{"a":1}""", "Json", false)]
    [InlineData("""{"a":{}}""", "Json", false)]
    [InlineData("""{"a":{"":1}}""", "Json", false)]
    [InlineData("""{"a":null}""", "Text", false)]
    [InlineData("""{"a":[]}|{"a":[true]}""", "List", false)]
    public void Infer_OneColumn_TakesTheNarrowestKindWithoutLoss(string rows, string kind, bool absentIsMissing)
    {
        RowColumn column = RowLayout.Infer(rows.Split('|').Select(FormatsTesting.Json)).Columns.Single();
        Assert.Equal((kind, absentIsMissing), (column.Kind.ToString(), column.AbsentIsMissing));
    }

    [Fact]
    public void Parse_WhatToJsonWrote_IsTheSameLayout()
    {
        RowLayout layout = RowLayout.Infer([FormatsTesting.Json("""{"m":[{"r":"x","n":1}],"o":{"p":[[2.5]]}}"""), FormatsTesting.Json("""{"o":{}}""")]);
        Assert.Equal(layout.ToJson(), RowLayout.Parse(layout.ToJson()).ToJson());
        Assert.Equal("n", layout.Columns[0].Items!.Fields[1].Name);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("{\"columns\":[]}")]
    [InlineData("{\"columns\":[{\"name\":\"a\",\"kind\":\"List\"}]}")]
    [InlineData("{\"columns\":[{\"name\":\"a\",\"kind\":\"99\"}]}")]
    [InlineData("{\"columns\":[{\"name\":\"a\",\"kind\":\"Structure\",\"fields\":[]}]}")]
    public void Parse_NoLayout_IsRefused(string json) =>
        Assert.Equal(DatanetError.InvalidMapping, Assert.Throws<DatanetException>(() => RowLayout.Parse(System.Text.Encoding.UTF8.GetBytes(json))).Error);

    [Fact]
    public void Infer_WithoutColumns_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => RowLayout.Infer([]));
        Assert.Throws<DatanetException>(() => RowLayout.Infer([FormatsTesting.Json("{\"\":1}")]));
        Assert.Throws<DatanetException>(() => RowLayout.Infer([FormatsTesting.Json("[]")]));
    }
}
