using System.Security.Cryptography;
using OpenLedger.Attribution.Answers;
using OpenLedger.Attribution.Reports;
using OpenLedger.Attribution.Rewards;
using OpenLedger.Chain.Evm;
using OpenLedger.Testing;

namespace OpenLedger.Hosting.Tests;

public sealed class AdapterAttributionTests
{
    private static readonly AttributionSource[] Sources =
    [
        new("r1", Accounts.Mira.Address.ToContributorId(), "text 1", []),
        new("r2", Accounts.Oskar.Address.ToContributorId(), "text 2", []),
    ];

    private static readonly Dictionary<string, RecordOrigin> Origins = new()
    {
        ["r1"] = new("harbour", Bytes32.HashOf("a")),
        ["r2"] = new("people", Bytes32.HashOf("b")),
        ["r3"] = new("people", Bytes32.HashOf("c")),
    };

    [Fact]
    public void Register_Sources_GiveOriginsAndTexts()
    {
        AdapterAttribution adapters = new();
        Dictionary<string, RecordOrigin> origins = new(Origins);
        AdapterProvenance provenance = adapters.RegisterSources("expert", Bytes32.HashOf("w"), Sources, origins, Report);
        origins.Clear();
        Assert.Same(provenance, adapters.Find("expert"));
        Assert.Equal(["expert"], adapters.AdapterNames);
        Assert.Equal("expert", provenance.AdapterName);
        Assert.Equal(Bytes32.HashOf("w"), provenance.AdapterHash);
        Assert.Equal(["r1", "r2"], provenance.Origins.Keys.Order());
        Assert.Equal(Origins["r2"], provenance.Origins["r2"]);
        Assert.Equal("text 2", provenance.Texts["r2"]);
        Assert.Equal("a", adapters.Attribute(provenance, "q", "a").Answer);
        Assert.Null(adapters.Find("other"));
    }

    [Fact]
    public void Register_MissingOrigin_NamesTheRecord()
    {
        Dictionary<string, RecordOrigin> origins = new(Origins);
        origins.Remove("r2");
        AdapterAttribution adapters = new();
        ArgumentException fault = Assert.Throws<ArgumentException>(() => adapters.RegisterSources("expert", default, Sources, origins, Report));
        Assert.StartsWith("1 of 2 records have no origin, the first being 'r2'", fault.Message, StringComparison.Ordinal);
        Assert.Empty(adapters.AdapterNames);
    }

    [Fact]
    public void Register_WhatTheLedgerWouldRefuse_IsRefused()
    {
        AdapterAttribution adapters = new();
        Dictionary<string, RecordOrigin> origins = new(Origins) { ["r1"] = new("has blank", default) };
        Assert.Throws<ArgumentException>(() => adapters.RegisterSources("expert", default, Sources, origins, Report));
        Assert.Throws<ArgumentException>(() => adapters.RegisterSources("expert", default, [Sources[0] with { Contributor = default }], Origins, Report));
        Assert.Empty(adapters.AdapterNames);
    }

    [Fact]
    public void Register_TakenName_IsRefusedUntilRemoved()
    {
        AdapterAttribution adapters = new();
        AdapterProvenance first = adapters.RegisterSources("expert", default, Sources, Origins, Report);
        Assert.Throws<ArgumentException>(() => adapters.RegisterSources("expert", default, Sources, Origins, Report));
        Assert.Same(first, adapters.Find("expert"));
        Assert.True(adapters.Remove("expert"));
        Assert.False(adapters.Remove("expert"));
        Assert.NotSame(first, adapters.RegisterSources("expert", default, Sources, Origins, Report));
    }

    [Fact]
    public void Attribute_RemovedAndReplaced_UsesWhatTheCallBeganWith()
    {
        AdapterAttribution adapters = new();
        AdapterProvenance first = adapters.RegisterSources("expert", default, Sources, Origins, (question, answer, token) => Report(question, "old", token));
        adapters.Remove("expert");
        AdapterProvenance second = adapters.RegisterSources("expert", default, Sources, Origins, (question, answer, token) => Report(question, "new", token));
        Assert.Equal("old", adapters.Attribute(first, "q", "a").Answer);
        Assert.Equal("new", adapters.Attribute(second, "q", "a").Answer);
    }

    [Fact]
    public void Attribute_ForeignProvenance_IsRefused()
    {
        AdapterProvenance provenance = new AdapterAttribution().RegisterSources("expert", default, Sources, Origins, Report);
        Assert.Throws<ArgumentException>(() => new AdapterAttribution().Attribute(provenance, "q", "a"));
    }

    [Fact]
    public void HashAdapter_IsTheSha256OfTheWeightsFile()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("adapter_model.safetensors"), "weights");
        Assert.Equal("0x" + Convert.ToHexStringLower(SHA256.HashData("weights"u8)), AdapterProvenance.HashAdapter(folder.Path).ToString());
        Assert.Throws<FileNotFoundException>(() => AdapterProvenance.HashAdapter(Path.GetTempPath()));
    }

    private static AttributionReport Report(string question, string answer, CancellationToken cancellationToken)
    {
        RecordInfluence[] influences = [.. Sources.Select(source => new RecordInfluence(source.RecordId, source.Contributor, 1))];
        return AttributionReport.Create(question, answer, "fake", influences, RewardAllocation.Allocate(influences), []);
    }
}
