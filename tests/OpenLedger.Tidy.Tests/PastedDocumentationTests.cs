namespace OpenLedger.Tidy.Tests;

public sealed class PastedDocumentationTests
{
    private static readonly string Long = "Adds the two matrices " + new string('x', PastedDocumentation.LongestSharedSummary);

    [Fact]
    public void Check_ThisRepository_IsClean() => TidyAssert.None(PastedDocumentation.Check(SourceTree.Files));

    [Fact]
    public void Check_LongSummaryTwice_IsFoundAcrossLineBreaks()
    {
        string broken = Long.Replace("the two", "the\n    /// two", StringComparison.Ordinal);
        SourceFile[] files =
        [
            new("src/P/A.cs", $"/// <summary>{Long}</summary>\nvoid A();"),
            new("src/P/B.cs", $"\n/// <summary>\n/// {broken}\n/// </summary>\nvoid B();"),
        ];

        TidyAssert.One("src/P/B.cs:2: same summary as src/P/A.cs:1", PastedDocumentation.Check(files));
    }

    [Fact]
    public void Check_ShortSummaryTwice_IsLeftAlone() =>
        Assert.Empty(PastedDocumentation.Check([new("src/P/A.cs", "/// <summary>Gets the length.</summary>\n/// <summary>Gets the length.</summary>")]));
}
