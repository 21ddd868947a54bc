using System.Text;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Tests.Records;

public class DatanetRecordTests
{
    [Fact]
    public void Parse_AnySpelling_GivesOneDigest()
    {
        DatanetRecord record = DatanetRecord.Parse("""{ "b": 1.0, "a": "\u0041" }""", "facts.jsonl:3");
        Assert.Equal("""{"a":"A","b":1}""", Encoding.UTF8.GetString(record.Payload.Span));
        DatanetRecord same = DatanetRecord.FromObject(new JsonObject { ["a"] = "A", ["b"] = 1 });
        Assert.Equal(record, same);
        Assert.Equal(record.GetHashCode(), same.GetHashCode());
        Assert.Null(same.SourcePosition);
        Assert.NotEqual(record, DatanetRecord.Parse("""{"a":"A","b":2}"""));
    }

    [Fact]
    public void Digest_KnownPayload_IsItsSha256() =>
        Assert.Equal("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", DatanetRecord.Parse("{}").Digest.ToString());

    [Theory]
    [InlineData("[]", "an array")]
    [InlineData("null", "null")]
    [InlineData("\"x\"", "a string")]
    [InlineData("{\"a\":9007199254740993}", "rounded")]
    [InlineData("{\"a\":[-9007199254740992]}", "rounded")]
    [InlineData("{", "Not valid JSON")]
    [InlineData("{\"a\":\"\\ud800\"}", "surrogate")]
    public void Parse_WhatIsNoRecord_IsRefusedWithItsPlace(string json, string reason)
    {
        DatanetException exception = Assert.Throws<DatanetException>(() => DatanetRecord.Parse(json, "facts.jsonl:7"));
        Assert.Equal(DatanetError.InvalidJson, exception.Error);
        Assert.StartsWith("facts.jsonl:7: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromObject_IntegerThatADoubleRounds_IsRefused()
    {
        Assert.Throws<DatanetException>(() => DatanetRecord.FromObject(new JsonObject { ["a"] = long.MaxValue }));
        Assert.Equal("""{"a":9007199254740991}""", Encoding.UTF8.GetString(DatanetRecord.FromObject(new JsonObject { ["a"] = 9007199254740991L }).Payload.Span));
    }

    [Fact]
    public void Parse_LargePayload_IsCapped()
    {
        string fits = "{\"a\":\"" + new string('x', DatanetRecord.MaxLength - 8) + "\"}";
        Assert.Equal(DatanetRecord.MaxLength, DatanetRecord.Parse(fits).Payload.Length);
        Assert.Equal(DatanetError.LimitExceeded, Assert.Throws<DatanetException>(() => DatanetRecord.Parse(fits + " ")).Error);
        JsonObject large = new() { ["a"] = new string('x', DatanetRecord.MaxLength) };
        Assert.Equal(DatanetError.LimitExceeded, Assert.Throws<DatanetException>(() => DatanetRecord.FromObject(large)).Error);
    }

    [Fact]
    public void FromObject_LaterChanges_DoNotReachTheRecord()
    {
        JsonObject payload = new() { ["a"] = "A" };
        DatanetRecord record = DatanetRecord.FromObject(payload);
        payload["a"] = "B";
        Assert.True(record.TryGetText("a", out string? text));
        Assert.Equal("A", text);
        Assert.False(record.TryGetText("b", out _));
        Assert.False(DatanetRecord.Parse("""{"a":1}""").TryGetText("a", out _));
    }

    [Fact]
    public void ToString_Record_NamesItWithoutItsContent() =>
        Assert.DoesNotContain("secret", DatanetRecord.Parse("""{"a":"secret"}""", "f:1").ToString(), StringComparison.Ordinal);
}
