using CsCheck;
using OpenLedger.Datanets.Licences;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Licences;

public class LicenceMixTests
{
    private const LicenceUse Publish = LicenceUse.Share | LicenceUse.Derive;

    private static readonly Gen<LicenceTerms> Terms = Pick.Of([.. SpdxLicence.Known.Select(licence => licence.Terms).Distinct(), LicenceTerms.Unknown]).Array[1, 3]
        .Select(parts => parts.Aggregate((left, right) => left.Meet(right)));

    [Fact]
    public void Meet_Terms_ObeysTheLatticeLaws() => Gen.Select(Terms, Terms, Terms).Sample(
        (a, b, c) =>
        {
            Assert.Equal(a.Meet(b), b.Meet(a));
            Assert.Equal(a.Meet(b).Meet(c), a.Meet(b.Meet(c)));
            Assert.Equal(a, a.Meet(a));
            Assert.Equal(a, a.Meet(LicenceTerms.PublicDomain));
            Assert.True(a.IsAtMostAsStrictAs(a.Meet(b)));
            foreach (LicenceUse use in new[] { LicenceUse.Share, LicenceUse.Commercial, Publish, Publish | LicenceUse.Commercial })
            {
                Assert.True(a.Meet(b).Allows(use) >= a.Allows(use), $"{use}: {a} / {b}"); // adding a source never frees
            }
        },
        iter: 3000);

    [Theory]
    [InlineData("CC0-1.0", "MIT", "Granted", "Granted", null)]
    [InlineData("CC-BY-4.0", "CC-BY-4.0", "Granted", "Granted", "CC-BY-4.0")]
    [InlineData("CC-BY-SA-4.0", "CC-BY-4.0", "Granted", "Granted", "CC-BY-SA-4.0")]
    [InlineData("CC-BY-SA-3.0", "CC-BY-SA-4.0", "Granted", "Granted", "CC-BY-SA-4.0")] // by its later-version clause
    [InlineData("CC-BY-SA-4.0", "GPL-3.0-only", "Granted", "Granted", "GPL-3.0-only")] // one way
    [InlineData("CC-BY-SA-4.0", "ODbL-1.0", "Denied", "Granted", null)]
    [InlineData("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", "Denied", "Denied", null)]
    [InlineData("CC-BY-SA-4.0", "CC-BY-NC-4.0", "Denied", "Denied", null)] // share alike would give commercial use away
    [InlineData("CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", "Granted", "Denied", "CC-BY-NC-SA-4.0")]
    [InlineData("CC-BY-NC-SA-4.0", "CC-BY-NC-4.0", "Granted", "Denied", "CC-BY-NC-SA-4.0")]
    [InlineData("GPL-2.0-only", "GPL-3.0-only", "Denied", "Granted", null)]
    [InlineData("GPL-2.0-or-later", "GPL-3.0-only", "Granted", "Granted", "GPL-3.0-only")]
    [InlineData("GPL-2.0+", "AGPL-3.0-or-later", "Granted", "Granted", "AGPL-3.0-or-later")]
    [InlineData("MIT", "CC-BY-ND-4.0", "Denied", "Granted", null)]
    [InlineData("MIT", "Never-Heard-Of", "Unknown", "Unknown", null)]
    [InlineData("CC-BY-SA-4.0", "LicenseRef-huggingface-openrail", "Denied", "Granted", null)] // share alike takes no further restrictions
    [InlineData("MIT", "LicenseRef-huggingface-gemma", "Granted", "Unknown", null)]
    public void Meet_TwoSources_GivesWhatBothAllow(string left, string right, string publish, string commercial, string? suggested)
    {
        LicenceMix mix = LicenceMix.Meet(Source("a", left), Source("b", right));
        Assert.Equal(publish, mix.Allows(Publish).ToString());
        Assert.Equal(commercial, mix.Allows(LicenceUse.Commercial).ToString());
        Assert.Equal(suggested, mix.SuggestedLicence);
        Assert.Equal(mix.Terms, LicenceMix.Meet(Source("b", right), Source("a", left)).Terms);
        Assert.Equal(mix.Terms.HasShareAlikeConflict, mix.Conflicts.Any());
    }

    [Fact]
    public void Meet_Choice_TakesTheAlternativeThatFreesTheMix()
    {
        LicenceMix mix = LicenceMix.Meet(Source("a", "GPL-2.0-only OR CC-BY-SA-4.0 OR CC-BY-NC-4.0"), Source("b", "CC-BY-SA-4.0"));
        Assert.Equal(LicenceVerdict.Granted, mix.Allows(Publish | LicenceUse.Commercial));
        Assert.Equal("CC-BY-SA-4.0", mix.Chosen["GPL-2.0-only OR CC-BY-SA-4.0 OR CC-BY-NC-4.0"]);

        // Locally best for the first source alone would be MIT; the second forces nothing, so MIT it stays.
        Assert.Equal("MIT", LicenceMix.Meet(Source("a", "GPL-3.0-only OR MIT"), Source("b", "ISC")).Chosen["GPL-3.0-only OR MIT"]);
    }

    [Fact]
    public void Meet_And_HoldsBoth()
    {
        LicenceMix mix = LicenceMix.Meet(Source("a", "CC-BY-4.0 AND CC-BY-NC-4.0"));
        Assert.Equal(LicenceVerdict.Denied, mix.Allows(LicenceUse.Commercial));
        Assert.Equal(LicenceVerdict.Granted, mix.Allows(Publish));
    }

    [Fact]
    public void Meet_RandomChoices_IsAsFreeAsTheBestCombination() =>
        Pick.Of("MIT", "CC-BY-SA-4.0", "CC-BY-SA-3.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "GPL-2.0-only", "GPL-3.0-or-later", "CC-BY-ND-4.0", "Who-Knows").Array[1, 3].Array[1, 4]
            .Sample(sources =>
            {
                LicenceMix mix = LicenceMix.Meet(sources.Select((choices, i) => Source($"s{i}", string.Join(" OR ", choices))));
                LicenceVerdict best = Combinations(sources).Min(combination =>
                    combination.Select(id => LicenceExpression.Parse(id).Alternatives()[0]).Aggregate((left, right) => left.Meet(right)).Allows(Publish));
                Assert.Equal(best, mix.Allows(Publish));
            });

    [Fact]
    public void Explain_Mix_NamesWhoRestrictsWhat()
    {
        LicenceMix mix = LicenceMix.Meet(
            Source("wiki", "CC-BY-SA-4.0"), Source("news", "CC-BY-NC-4.0"), Source("map", "ODbL-1.0"), Source("poems", "CC-BY-ND-4.0"), Source("x", "Mystery"));
        string text = mix.Explain();
        Assert.Contains("NoCommercialUse: CC-BY-NC-4.0 ('news') does not allow commercial use", text, StringComparison.Ordinal);
        Assert.Contains("NoDerivatives: CC-BY-ND-4.0 ('poems')", text, StringComparison.Ordinal);
        Assert.Contains("ShareAlike: CC-BY-SA-4.0 ('wiki')", text, StringComparison.Ordinal);
        Assert.Contains("UnknownTerms: Mystery ('x')", text, StringComparison.Ordinal);
        Assert.Contains("Conflict: CC-BY-SA-4.0 and ODbL-1.0 ('wiki', 'map') exclude each other", text, StringComparison.Ordinal);
        Assert.Contains("Conflict: CC-BY-SA-4.0 and CC-BY-NC-4.0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Meet_ManySourcesAndChoices_StaysSmall()
    {
        string[] ids = [.. SpdxLicence.Known.Select(licence => licence.Id)];
        Random random = new(11);
        LicenceSource[] sources =
        [
            .. Enumerable.Range(0, 20_000).Select(i => Source($"s{i}", ids[i % 40])),
            .. Enumerable.Range(0, 12).Select(i => Source($"c{i}", string.Join(" OR ", Enumerable.Range(0, 12).Select(_ => ids[random.Next(ids.Length)])))),
        ];
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        LicenceMix mix = LicenceMix.Meet(sources);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        Assert.NotEmpty(mix.Restrictions);
        Assert.Equal(20_000, mix.Restrictions.Where(restriction => restriction.Kind == LicenceRestrictionKind.Attribution).SelectMany(restriction => restriction.Sources).Count(name => name[0] == 's') + CountWithout(ids));
    }

    [Fact]
    public void Meet_ExampleOfTheDocumentation_SaysWhatItPrints()
    {
        LicenceMix mix = LicenceMix.Meet(Source("wiki", "CC-BY-SA-4.0"), Source("news", "CC-BY-NC-4.0 OR CC-BY-4.0"));
        Assert.Equal(LicenceVerdict.Granted, mix.Allows(Publish | LicenceUse.Commercial));
        Assert.Equal("CC-BY-SA-4.0", mix.SuggestedLicence);
        Assert.Contains("of 'CC-BY-NC-4.0 OR CC-BY-4.0' this mix uses CC-BY-4.0", mix.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void Meet_NoSources_IsPublicDomain() => Assert.Equal(LicenceTerms.PublicDomain, LicenceMix.Meet().Terms);

    private static int CountWithout(string[] ids) =>
        Enumerable.Range(0, 20_000).Count(i => !LicenceExpression.Parse(ids[i % 40]).Alternatives()[0].Conditions.HasFlag(LicenceConditions.Attribution));

    private static LicenceSource Source(string name, string licence) => new() { Name = name, Licence = LicenceExpression.Parse(licence) };

    private static IEnumerable<string[]> Combinations(string[][] sources) => sources.Aggregate(
        (IEnumerable<string[]>)[[]], (all, choices) => all.SelectMany(left => choices.Select(choice => (string[])[.. left, choice])));
}
