namespace OpenLedger.Tidy.Tests;

public sealed class BuildFilesTests
{
    private const string Description = "<Project><Description>A description that is long enough for a package page.</Description></Project>";
    private const string Readme = "Not related to the accounting API of openledger.com\nor other projects of the same name.";

    [Fact]
    public void CheckPackages_ThisRepository_IsClean() => TidyAssert.None(BuildFiles.CheckPackages(SourceTree.Files));

    [Fact]
    public void CheckSolution_ThisRepository_ListsEveryProject() => TidyAssert.None(BuildFiles.CheckSolution(SourceTree.Files));

    [Fact]
    public void CheckVersions_ThisRepository_ArePlainAndCentral() => TidyAssert.None(BuildFiles.CheckVersions(SourceTree.Files));

    [Fact]
    public void CheckSources_ThisRepository_NamesNone() => TidyAssert.None(BuildFiles.CheckSources(SourceTree.Files));

    [Fact]
    public void LongFiles_ThisRepository_AreReportedAndNothingMore()
    {
        foreach (string file in BuildFiles.LongFiles(SourceTree.Files, lines: 400))
        {
            TestContext.Current.TestOutputHelper?.WriteLine(file);
        }

        // The walk really found this repository: an empty tree would make every rule above pass.
        Assert.Contains(SourceTree.Files, file => file.Path == "src/OpenLedger.Lora.Training/Autograd/Native/TorchRuntime.cs");
        Assert.Contains(SourceTree.Files, file => file.Path == "nuget.config");
        Assert.Contains(SourceTree.Files, file => file.Path == ".ci/run");
    }

    [Theory]
    [InlineData("PublicAPI.Shipped.txt", "has no PublicAPI.Shipped.txt")]
    [InlineData("PublicAPI.Unshipped.txt", "has no PublicAPI.Unshipped.txt")]
    [InlineData("README.md", "has no README.md")]
    public void CheckPackages_FileMissing_IsFound(string missing, string expected) =>
        TidyAssert.One(expected, BuildFiles.CheckPackages([.. GoodPackage().Where(file => file.Name != missing)]));

    [Fact]
    public void CheckPackages_ReadmeOrDescriptionEmpty_IsFound()
    {
        TidyAssert.One("lacks the line", BuildFiles.CheckPackages([.. GoodPackage().Select(file => file.Name == "README.md" ? file with { Text = "# P" } : file)]));
        TidyAssert.One("no description", BuildFiles.CheckPackages([.. GoodPackage().Select(file => file.Name == "P.csproj" ? file with { Text = "<Project/>" } : file)]));
        Assert.Empty(BuildFiles.CheckPackages(GoodPackage()));
    }

    [Fact]
    public void CheckSolution_ProjectNotListed_IsFound()
    {
        SourceFile solution = new("OpenLedger.sln", "Project(\"{0}\") = \"P\", \"src\\P\\P.csproj\", \"{1}\"");

        TidyAssert.One("tools/T/T.csproj: is not in", BuildFiles.CheckSolution([solution, .. GoodPackage(), new("tools/T/T.csproj", "<Project/>")]));
    }

    [Theory]
    [InlineData("1.*")]
    [InlineData("[1.2.3]")]
    [InlineData("[1.2.3,2.0)")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("$(PollyVersion)")]
    public void CheckVersions_NotAPlainMinimum_IsFound(string version) => TidyAssert.One(
        $"P '{version}' is no plain minimum version",
        BuildFiles.CheckVersions([new("Directory.Packages.props", $"<Project><PackageVersion Include=\"P\" Version=\"{version}\" /></Project>")]));

    [Theory]
    [InlineData("Version")]
    [InlineData("VersionOverride")]
    public void CheckVersions_VersionInAProject_IsFound(string attribute) => TidyAssert.One(
        "P has a version of its own",
        BuildFiles.CheckVersions([new("src/P/P.csproj", $"<Project><PackageReference Include=\"P\" {attribute}=\"1.0.0\" /></Project>")]));

    [Theory]
    [InlineData("nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>", "<clear/> cuts off")]
    [InlineData("sub/NuGet.Config", "<configuration><packageSources><add key=\"a\" value=\"https://feed.example\" /></packageSources></configuration>", "names the source")]
    [InlineData("contracts/package-lock.json", "{\n\"resolved\": \"https://x.example/a.tgz\" }", "contracts/package-lock.json:2: lock file with the address")]
    [InlineData("yarn.lock", "a@1:\n  resolved \"https://x.example/a.tgz\"", "lock file with the address")]
    public void CheckSources_BadExample_IsFound(string path, string text, string expected) =>
        TidyAssert.One(expected, BuildFiles.CheckSources([new(path, text)]));

    [Fact]
    public void LongFiles_OneTooLong_IsListedWithItsLength() => TidyAssert.One(
        "src/P/A.cs: 11 lines",
        BuildFiles.LongFiles([new("src/P/A.cs", new string('\n', 11)), new("src/P/B.cs", new string('\n', 10)), new("src/P/C.g.cs", new string('\n', 99))], 10));

    private static SourceFile[] GoodPackage() =>
    [
        new("src/P/P.csproj", Description),
        new("src/P/README.md", Readme),
        new("src/P/PublicAPI.Shipped.txt", ""),
        new("src/P/PublicAPI.Unshipped.txt", ""),
    ];
}
