namespace OpenLedger.Tidy.Tests;

public sealed class CSharpCodeTests
{
    [Theory]
    [InlineData("a // b { \nc", "a ·······\nc")]
    [InlineData("a /* { \n */ c", "a ·····\n··· c")]
    [InlineData("x = \"a\\\"{\" + y", "x = ······ + y")]
    [InlineData("x = @\"a\\\" + y", "x = ····· + y")]
    [InlineData("x = '{' + '\\'' + y", "x = ··· + ···· + y")]
    [InlineData("x = $\"{a}\" + y", "x = ······ + y")]
    [InlineData("x = \"\"\" a \" { \"\"\" + y", "x = ············· + y")]
    [InlineData("class A { } // \"", "class A { } ····")]
    public void WithoutCommentsAndLiterals_Examples_KeepPositions(string source, string expected)
    {
        string code = CSharpCode.WithoutCommentsAndLiterals(source);

        Assert.Equal(source.Length, code.Length);
        Assert.Equal(expected.Replace('·', ' '), code);
    }
}
