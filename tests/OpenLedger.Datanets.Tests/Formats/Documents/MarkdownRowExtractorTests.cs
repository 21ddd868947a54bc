using OpenLedger.Datanets.Formats;

namespace OpenLedger.Datanets.Tests.Formats.Documents;

public class MarkdownRowExtractorTests
{
    [Fact]
    public void Extract_Sections_FollowTheHeadings()
    {
        string text = "---\ntitle: x\n---\nIntro.\n\n# Guide #\n\nOne.\n\n```sh\n# no heading\n```\n\n## Install\n\nTwo.\n\nAppendix\n========\n\nThree.\n\n####### seven\n#tag\n\n- item\n---\n";
        Assert.Equal(
            [
                """{"text":"Intro.","source":"g.md","part":1}""",
                """{"text":"One.\n\n```sh\n# no heading\n```","title":"Guide","heading":"Guide","source":"g.md","part":2}""",
                """{"text":"Two.","title":"Guide","heading":"Guide > Install","source":"g.md","part":3}""",
                """{"text":"Three.\n\n####### seven\n#tag\n\n- item\n---","title":"Guide","heading":"Appendix","source":"g.md","part":4}""",
            ],
            FormatsTesting.Texts(Extract(text)));
    }

    [Theory]
    [InlineData("~~~\n# a\n```\n# b\n~~~~\n# C\nx", "C")]
    [InlineData("````\n```\n# a\n````\n# C\nx", "C")]
    [InlineData("    # code\n\n# C\nx", "C")]
    [InlineData("a `` ```x``` b\n\n# C\nx", "C")]
    [InlineData("C\n---\nx", "C")]
    public void Extract_Code_HoldsNoHeadings(string text, string heading)
    {
        SourceRow last = Extract(text).Last();
        Assert.Equal(heading, last.Value.GetProperty("heading").GetString());
        Assert.Equal("x", last.Value.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF\r\n")]
    [InlineData("# Only\n## Headings\n")]
    [InlineData("---\na: b\n---\n")]
    public void Extract_WithoutText_GivesNothing(string text) => Assert.Empty(Extract(text));

    [Fact]
    public void Extract_WindowsLineBreaksAndOpenFence_AreRead() =>
        Assert.Equal(["""{"text":"```\nx\n# y","title":"T","heading":"T","source":"g.md","part":1}"""], FormatsTesting.Texts(Extract("# T\r\n```\r\nx\r\n# y\r\n")));

    [Fact]
    public void Extract_Bytes_MustBeText()
    {
        Assert.Equal(DatanetError.InvalidUtf8, Assert.Throws<DatanetException>(() => new MarkdownRowExtractor().Extract(new MemoryStream([0xC3, 0x28]), "g.md").Count()).Error);
        Assert.Equal(DatanetError.InvalidDocument, Assert.Throws<DatanetException>(() => new MarkdownRowExtractor().Extract(new MemoryStream([65, 0]), "g.md").Count()).Error);
        Assert.Equal(DatanetError.LimitExceeded, Assert.Throws<DatanetException>(() => new MarkdownRowExtractor(new DocumentOptions { MaxFileBytes = 3 }).Extract(new MemoryStream("abcd"u8.ToArray()), "g.md").Count()).Error);
    }

    private static IEnumerable<SourceRow> Extract(string text) => new MarkdownRowExtractor().Extract(FormatsTesting.StreamOf(text), "g.md");
}
