using System.Text;
using System.Text.Json;
using CsCheck;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Licences;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Tests.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Licences;

public class LicenceExpressionTests
{
    [Theory]
    [InlineData("mit", "MIT")]
    [InlineData("  apache-2.0 ", "Apache-2.0")]
    [InlineData("MIT or apache-2.0", "MIT OR Apache-2.0")]
    [InlineData("MIT OR ISC AND Zlib", "MIT OR ISC AND Zlib")] // AND binds more tightly
    [InlineData("(MIT OR ISC) AND Zlib", "(MIT OR ISC) AND Zlib")]
    [InlineData("MIT OR (ISC AND Zlib)", "MIT OR ISC AND Zlib")]
    [InlineData("((MIT))", "MIT")]
    [InlineData("(MIT OR ISC) OR Zlib", "MIT OR ISC OR Zlib")]
    [InlineData("gpl-2.0-or-later with classpath-exception-2.0", "GPL-2.0-or-later WITH Classpath-exception-2.0")]
    [InlineData("GPL-2.0+", "GPL-2.0+")]
    [InlineData("(GPL-2.0+ AND MIT)", "GPL-2.0+ AND MIT")]
    [InlineData("licenseref-House.1", "LicenseRef-House.1")]
    [InlineData("DocumentRef-spdx-1:LicenseRef-x", "DocumentRef-spdx-1:LicenseRef-x")]
    [InlineData("Never-Heard-Of-1.0", "Never-Heard-Of-1.0")]
    public void Parse_Expression_GivesItsCanonicalText(string text, string canonical)
    {
        LicenceExpression expression = LicenceExpression.Parse(text);
        Assert.Equal(canonical, expression.ToString());
        Assert.Equal(expression, LicenceExpression.Parse(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("MIT ISC")]
    [InlineData("MIT AND")]
    [InlineData("AND MIT")]
    [InlineData("OR")]
    [InlineData("MIT And ISC")] // all upper or all lower case
    [InlineData("(MIT")]
    [InlineData("MIT)")]
    [InlineData("()")]
    [InlineData("MIT WITH")]
    [InlineData("MIT WITH (x)")]
    [InlineData("(MIT OR ISC) WITH Classpath-exception-2.0")]
    [InlineData("MIT WITH x WITH y")]
    [InlineData("MIT ++")]
    [InlineData("MIT++")]
    [InlineData("+")]
    [InlineData("GPL 3")]
    [InlineData("LicenseRef-")]
    [InlineData("LicenseRef-x+")]
    [InlineData("DocumentRef-x")]
    [InlineData("DocumentRef-x:MIT")]
    [InlineData("DocumentRef-:LicenseRef-x")]
    [InlineData("MIT/Apache-2.0")]
    [InlineData("CC\tBY")]
    [InlineData("https://creativecommons.org/licenses/by/4.0/")]
    [InlineData("ＭＩＴ")]
    public void Parse_WhatIsNone_IsTheDocumentedException(string text)
    {
        DatanetException exception = Assert.Throws<DatanetException>(() => LicenceExpression.Parse(text));
        Assert.Equal(DatanetError.InvalidLicence, exception.Error);
        Assert.Contains("SPDX licence expression", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_HostileExpressions_MeetTheLimits()
    {
        Assert.Throws<DatanetException>(() => LicenceExpression.Parse(new string('(', 250) + "MIT"));
        Assert.Throws<DatanetException>(() => LicenceExpression.Parse(new string('x', 501)));
        Assert.NotNull(LicenceExpression.Parse(new string('(', 16) + "MIT" + new string(')', 16)));
        // Two to the power of 30 choices.
        Assert.Contains(
            "more than 64",
            Assert.Throws<DatanetException>(() => LicenceExpression.Parse(string.Join(" AND ", Enumerable.Repeat("(A OR B)", 30)))).Message,
            StringComparison.Ordinal);
        Assert.Equal(64, LicenceExpression.Parse(string.Join(" AND ", Enumerable.Repeat("(A OR B)", 6))).Alternatives().Count);
    }

    [Fact]
    public void Parse_RandomTokens_IsAnExpressionOrTheDocumentedException() =>
        Pick.Of("MIT", "(", ")", " ", " AND ", " OR ", " WITH ", "+", "LicenseRef-", "DocumentRef-", ":", "x", ".", "-", "and", "\0", "é").Array[0, 12].Sample(
            tokens =>
            {
                string text = string.Concat(tokens);
                if (LicenceExpression.TryParse(text, out LicenceExpression? expression, out string? fault))
                {
                    Assert.Null(fault);
                    Assert.Equal(expression.ToString(), LicenceExpression.Parse(expression.ToString()).ToString());
                }
                else
                {
                    Assert.NotEmpty(fault);
                }
            },
            iter: 30_000);

    [Fact]
    public void ToString_RandomTrees_ReadBackAsTheSameTree() => Trees(3).Sample(text =>
    {
        LicenceExpression expression = LicenceExpression.Parse(text);
        LicenceExpression copy = LicenceExpression.Parse(expression.ToString());
        Assert.Equal(expression.ToString(), copy.ToString());
        Assert.Equal(expression.Alternatives(), copy.Alternatives());
        Assert.Equal(ReferenceCount(text), expression.Licences.Count);
    });

    [Fact]
    public void Known_Table_IsSoundAndCoversEveryFamily()
    {
        IReadOnlyList<SpdxLicence> known = SpdxLicence.Known;
        Assert.True(known.Count >= 200, $"{known.Count}");
        Assert.Equal(known.Count, known.Select(licence => licence.Id).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(
            [LicenceClass.PublicDomain, LicenceClass.Permissive, LicenceClass.ShareAlike, LicenceClass.Copyleft, LicenceClass.NonCommercial, LicenceClass.NoDerivatives, LicenceClass.Custom],
            known.Select(licence => licence.Class).Distinct().Order());
        Assert.All(known, licence =>
        {
            Assert.Equal(licence.Id, LicenceExpression.Parse(licence.Id.ToUpperInvariant()).ToString());
            Assert.Equal(licence.Terms.Conditions.HasFlag(LicenceConditions.ShareAlike), licence.Terms.OutboundLicences is not null);
            if (licence is { IsDeprecated: false, Terms.OutboundLicences: { } outbound })
            {
                Assert.Contains(licence.Id, outbound); // its own text is always allowed
                Assert.All(outbound, id => Assert.True(SpdxLicence.TryFind(id, out _), $"{licence.Id} -> {id}"));
            }
        });
        Assert.Contains(known, licence => licence is { Id: "GPL-3.0", IsDeprecated: true });
        Assert.Equal(LicenceExpression.Parse("GPL-2.0-or-later").Alternatives(), LicenceExpression.Parse("GPL-2.0+").Alternatives());
        Assert.NotEqual(LicenceExpression.Parse("GPL-2.0-only").Alternatives(), LicenceExpression.Parse("GPL-2.0+").Alternatives());
    }

    [Fact]
    public void HuggingFace_EachId_TranslatesThereAndBack()
    {
        Assert.True(HuggingFaceLicence.Ids.Count >= 75, $"{HuggingFaceLicence.Ids.Count}");
        Assert.All(HuggingFaceLicence.Ids, id =>
        {
            Assert.True(HuggingFaceLicence.TryToSpdx(id, out LicenceExpression? expression));
            Assert.Equal(expression, LicenceExpression.Parse(expression.ToString()));
            Assert.True(Assert.Single(expression.Licences) is { IsReference: true } or { Known: not null }, id);
            Assert.Equal(id, HuggingFaceLicence.FromSpdx(expression));
        });
        Assert.Equal("gpl-3.0", HuggingFaceLicence.FromSpdx(LicenceExpression.Parse("GPL-3.0-or-later")));
        Assert.Equal("gpl-2.0", HuggingFaceLicence.FromSpdx(LicenceExpression.Parse("GPL-2.0")));
        Assert.Equal("other", HuggingFaceLicence.FromSpdx(LicenceExpression.Parse("MIT OR ISC")));
        Assert.Equal("other", HuggingFaceLicence.FromSpdx(LicenceExpression.Parse("LicenseRef-House")));
        Assert.Equal("other", HuggingFaceLicence.FromSpdx(LicenceExpression.Parse("GPL-2.0-only WITH Classpath-exception-2.0")));
        Assert.Equal(LicenceClass.Custom, LicenceExpression.Parse("LicenseRef-huggingface-llama3").Alternatives()[0].Class);
        Assert.False(HuggingFaceLicence.TryToSpdx("nothing", out _));
    }

    [Theory]
    [InlineData("https://creativecommons.org/licenses/by/4.0/", LicenceSpelling.Address, "CC-BY-4.0")]
    [InlineData("http://www.creativecommons.org/licenses/by-nc-sa/4.0/deed.vi", LicenceSpelling.Address, "CC-BY-NC-SA-4.0")]
    [InlineData("https://creativecommons.org/publicdomain/zero/1.0/", LicenceSpelling.Address, "CC0-1.0")]
    [InlineData("https://choosealicense.com/licenses/apache-2.0/", LicenceSpelling.Address, "Apache-2.0")]
    [InlineData("https://choosealicense.com/licenses/gpl-3.0/", LicenceSpelling.Address, "GPL-3.0-only")]
    [InlineData("https://spdx.org/licenses/MIT.html", LicenceSpelling.Address, "MIT")]
    [InlineData("https://www.apache.org/licenses/LICENSE-2.0", LicenceSpelling.Address, "Apache-2.0")]
    [InlineData("https://opendatacommons.org/licenses/odbl/1-0/", LicenceSpelling.Address, "ODbL-1.0")]
    [InlineData("https://example.org/licenses/by/4.0/", LicenceSpelling.None, null)]
    [InlineData("javascript:alert(1)", LicenceSpelling.None, null)]
    [InlineData("odc-by", LicenceSpelling.HuggingFaceId, "ODC-By-1.0")]
    [InlineData("llama3.1", LicenceSpelling.HuggingFaceId, "LicenseRef-huggingface-llama3.1")]
    [InlineData("MIT OR Apache-2.0", LicenceSpelling.SpdxExpression, "MIT OR Apache-2.0")]
    [InlineData("None", LicenceSpelling.None, null)]
    [InlineData("", LicenceSpelling.None, null)]
    public void Recognize_TextOfAManifest_FindsTheLicence(string text, LicenceSpelling spelling, string? licence)
    {
        Assert.Equal(spelling, LicenceNames.Recognize(text, out LicenceExpression? expression));
        Assert.Equal(licence, expression?.ToString());
    }

    [Fact]
    public void Recognize_RealManifestsAndCards_KnowsAllButTheVague()
    {
        string corpora = RealData.Require("corpora");
        List<string> texts = [];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(corpora, "croissant"), "metadata.json", SearchOption.AllDirectories))
        {
            using JsonDocument metadata = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (string name in new[] { "license", "sdLicense" })
            {
                if (metadata.RootElement.TryGetProperty(name, out JsonElement licence))
                {
                    texts.AddRange(licence.ValueKind == JsonValueKind.Array ? licence.EnumerateArray().Select(item => item.GetString()!) : [licence.GetString()!]);
                }
            }
        }

        foreach (string file in Directory.EnumerateFiles(Path.Combine(corpora, "cards"), "*.md"))
        {
            string[] lines = File.ReadAllLines(file);
            int line = Array.FindIndex(lines, text => text.StartsWith("license:", StringComparison.Ordinal));
            if (line >= 0)
            {
                string value = lines[line]["license:".Length..].Split('#')[0].Trim();
                texts.Add(value.Length > 0 ? value : lines[line + 1].TrimStart('-', ' '));
            }
        }

        Dictionary<string, (LicenceSpelling Spelling, string? Licence)> read = texts.Distinct().ToDictionary(
            text => text, text => (LicenceNames.Recognize(text, out LicenceExpression? expression), expression?.ToString()));
        foreach ((string text, (LicenceSpelling spelling, string? licence)) in read.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{texts.Count(other => other == text),3} x {text} -> {spelling} {licence}");
        }

        Assert.True(texts.Count >= 30, $"{texts.Count} licences");
        Assert.Equal(["None", "Public", "{license}"], read.Where(pair => pair.Value.Spelling == LicenceSpelling.None).Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal("CC-BY-4.0", read["https://creativecommons.org/licenses/by/4.0/"].Licence);
        Assert.Equal("LicenseRef-huggingface-unknown", read["unknown"].Licence);
    }

    [Fact]
    public void Statement_Expression_IsKeptAsSpelledAndRead()
    {
        ContributionDraft draft = DatanetTests.Draft("one") with { Licence = "mit or (CC-BY-4.0 and LicenseRef-House)" };
        ContributionStatement statement = Contribution.Sign(draft, new KeyedSigner("a")).Statement;
        Assert.Equal(draft.Licence, statement.Licence);
        Assert.Equal("MIT OR CC-BY-4.0 AND LicenseRef-House", statement.LicenceExpression.ToString());
        ContributionStatement copy = ContributionStatement.Parse(statement.Document.Span);
        Assert.Equal((statement.Digest, statement.LicenceExpression), (copy.Digest, copy.LicenceExpression));
        Assert.Contains("\"licence\":\"mit or (CC-BY-4.0 and LicenseRef-House)\"", Encoding.UTF8.GetString(statement.Document.Span), StringComparison.Ordinal);
    }

    private static Gen<string> Trees(int depth) => depth == 0
        ? Pick.Of("MIT", "isc", "GPL-2.0+", "LicenseRef-x", "CC-BY-SA-4.0", "GPL-2.0-only WITH Classpath-exception-2.0")
        : Gen.OneOf(
            Trees(0),
            Gen.Select(Trees(depth - 1), Trees(depth - 1), Pick.Of(" AND ", " OR "), (left, right, join) => $"({left}){join}({right})"));

    private static int ReferenceCount(string text) => text.Split(" AND ").Sum(part => part.Split(" OR ").Length);
}
