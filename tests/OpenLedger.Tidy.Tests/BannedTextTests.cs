namespace OpenLedger.Tidy.Tests;

public sealed class BannedTextTests
{
    [Fact]
    public void Check_ThisRepository_IsClean() => TidyAssert.None(BannedText.Check(SourceTree.Files));

    [Theory]
    [InlineData("docs/a.md", "see /root" + "/notes.txt", "docs/a.md:1: path of one machine: /root" + "/notes.txt")]
    [InlineData("docs/a.md", "x\ny\n/work" + "/main", "docs/a.md:3: path of one machine: /work" + "/main")]
    [InlineData("src/A/B.cs", "var p = \"/home/ann/data\";", "path of one machine")]
    [InlineData("a.config", "C:\\Users\\ann", "path of one machine")]
    [InlineData("package-lock.json", "\"resolved\": \"https://registry.npmjs" + ".org/x\"", "address of a package registry")]
    [InlineData("nuget.config", "value=\"https://feeds.example.com/v3/index.json\"", "address of a package registry")]
    [InlineData(".ci/run", "curl https://mirror.example.com/api/npm/x", "address of a package registry")]
    [InlineData("src/A/B.cs", "throw new NotImplementedException();", "unfinished work: NotImplementedException")]
    [InlineData("src/A/B.cs", "// TODO: later", "unfinished work: TODO")]
    [InlineData("src/A/B.cs", "// FIXME (#1)", "unfinished work: FIXME")]
    [InlineData("src/A/B.cs", "Path = \"/tmp/cache\";", "fixed temporary path")]
    public void Check_BadExample_IsFound(string path, string text, string expected) =>
        TidyAssert.One(expected, BannedText.Check([new SourceFile(path, text)]));

    [Theory]
    [InlineData("src/A/B.cs", "// TODO(#12): the second form of the header")]
    [InlineData("docs/a.md", "the /" + "work page of https://example.org/" + "home/index, src/" + "work/file and ../" + "root/a")]
    [InlineData("docs/a.md", "packages are on nuget" + ".org")]
    public void Check_GoodExample_IsLeftAlone(string path, string text) => Assert.Empty(BannedText.Check([new SourceFile(path, text)]));
}
