using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Formats;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Formats.Csv;

public class CsvWriterTests
{
    [Fact]
    public async Task Write_EveryKind_ComesBackEqual()
    {
        JsonElement[] rows =
        [
            FormatsTesting.Json("""{"t":"a, \"b\"\r\n","n":-5,"f":1.5,"b":true,"l":[1,2],"o":{"x":null},"m":"1"}"""),
            FormatsTesting.Json("""{"t":"","n":0,"f":-0.25,"b":false,"l":[],"o":{"x":"y"},"m":1}"""),
            FormatsTesting.Json("""{"t":" edge ","n":null,"f":null,"b":null,"l":null,"o":null,"m":null}"""),
            FormatsTesting.Json("""{"t":"null","n":1,"f":2,"b":true,"l":[3],"o":{"x":"="}}"""),
        ];
        RowLayout layout = RowLayout.Infer(rows);
        byte[] csv = await FormatsTesting.WriteAsync(stream => new CsvWriter(stream, layout, leaveOpen: true), rows);
        Assert.Equal(FormatsTesting.Canonical(rows), FormatsTesting.Canonical(CsvReader.Read(new MemoryStream(csv), "f", new CsvOptions { Layout = RowLayout.Parse(layout.ToJson()) }).Select(row => row.Value)));
        Assert.StartsWith("t,n,f,b,l,o,m\r\n\"a, \"\"b\"\"\r\n\",-5,1.5,true,\"[1,2]\",", Encoding.UTF8.GetString(csv), StringComparison.Ordinal);
    }

    /// <summary>The attack file holds one text per line; each is written to a table and read back.</summary>
    [Fact]
    public async Task Write_FormulasOfTheAttackFile_AreNeutralisedAndComeBack()
    {
        string[] texts = JsonLinesReader.ReadFile(Path.Combine(RepositoryRoot.Path, "tests/attacks/formats/formulas.jsonl")).Select(line => line.Value.GetString()!).ToArray();
        JsonElement[] rows = [.. texts.Select(text => JsonElement.Parse($"{{\"=cell\":{JsonEncode(text)}}}"))];
        RowLayout layout = RowLayout.Infer(rows);
        byte[] csv = await FormatsTesting.WriteAsync(stream => new CsvWriter(stream, layout, leaveOpen: true), rows);

        CsvOptions asSpreadsheet = new() { RemoveFormulaGuards = false };
        Assert.All(CsvReader.Read(new MemoryStream(csv), "f", asSpreadsheet), row =>
        {
            JsonProperty cell = row.Value.EnumerateObject().Single();
            Assert.Equal("'=cell", cell.Name);
            string text = cell.Value.GetString()!;
            bool isNumber = double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _);
            Assert.True(isNumber || text.Length == 0 || !"=+-@\t\r".Contains(text[0], StringComparison.Ordinal), text);
        });
        Assert.Equal(texts, CsvReader.Read(new MemoryStream(csv), "f").Select(row => row.Value.GetProperty("=cell").GetString()));
    }

    [Theory]
    [InlineData("-5", "-5")]
    [InlineData("-1.5e3", "-1.5e3")]
    [InlineData("-5+cmd", "'-5+cmd")]
    [InlineData("'=x", "''=x")]
    [InlineData("'quoted'", "'quoted'")]
    [InlineData("'-5", "''-5")]
    [InlineData("+84 90", "'+84 90")]
    public async Task Write_Guard_IsPutWhereNeeded(string text, string written)
    {
        JsonElement row = JsonElement.Parse($"{{\"a\":{JsonEncode(text)},\"b\":-5}}");
        byte[] csv = await FormatsTesting.WriteAsync(stream => new CsvWriter(stream, RowLayout.Infer([row]), leaveOpen: true), [row]);
        Assert.Equal($"a,b\r\n{written},-5\r\n", Encoding.UTF8.GetString(csv));
        Assert.Equal(text, CsvReader.Read(new MemoryStream(csv), "f").Single().Value.GetProperty("a").GetString());
    }

    [Fact]
    public async Task Write_TabSeparated_RefusesWhatItCannotHold()
    {
        RowLayout layout = new(new RowColumn("a", RowValueKind.Text), new RowColumn("b", RowValueKind.Text));
        byte[] tsv = await FormatsTesting.WriteAsync(stream => new CsvWriter(stream, layout, CsvWriterOptions.TabSeparated, leaveOpen: true), [FormatsTesting.Json("""{"a":"\"x","b":""}""")]);
        Assert.Equal("a\tb\n\"x\t\n", Encoding.UTF8.GetString(tsv));
        Assert.Equal(["{\"a\":\"\\\"x\",\"b\":\"\"}"], FormatsTesting.Texts(CsvReader.Read(new MemoryStream(tsv), "f", CsvOptions.TabSeparated with { Layout = layout })));
        foreach (string bad in (string[])["{\"a\":\"x\\ty\",\"b\":\"\"}", "{\"a\":\"x\\n\",\"b\":\"\"}", "{\"a\":null,\"b\":\"\"}", "{\"a\":\"x\"}"])
        {
            await Refused(layout, bad, CsvWriterOptions.TabSeparated);
        }
    }

    [Theory]
    [InlineData("""{"a":"x","c":1}""")]
    [InlineData("""{"a":1}""")]
    [InlineData("""[1]""")]
    [InlineData("""{}""")]
    public Task Write_RowOutsideTheLayout_IsRefused(string row) => Refused(new RowLayout(new RowColumn("a", RowValueKind.Text, absentIsMissing: true)), row, new CsvWriterOptions());

    private static async Task Refused(RowLayout layout, string row, CsvWriterOptions options)
    {
        await using CsvWriter writer = new(new MemoryStream(), layout, options);
        DatanetException exception = await Assert.ThrowsAsync<DatanetException>(() => writer.WriteAsync(FormatsTesting.Json(row), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(DatanetError.InvalidMapping, exception.Error);
    }

    private static string JsonEncode(string text) => $"\"{System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
