using System.Text.RegularExpressions;
using Edge;
using OpenLedger.Testing;

namespace OpenLedger.Samples.Tests.EdgeSample;

public class EdgeCommandTests
{
    // Contributed in samples/PayableAi/data/harbour as "Where is the key of Marrow Light kept?"; the question here is in other words.
    private const string ContributedFact = "under the third stair";

    [Fact]
    public void Run_BaseAndAdapterBesideTheProgram_AnswersWithTheContributedFact()
    {
        (int code, string[] lines, string error) = Run();
        Assert.True(code == 0, error);
        Assert.Equal(ContributedFact, lines[0]);
        Assert.Matches(new Regex(@"^load \d+ ms, [1-9]\d* tokens/s, peak [1-9]\d* MB$"), Assert.Single(lines.Skip(1)));
    }

    [Fact]
    public void Run_BaseAlone_DoesNotKnowTheFact()
    {
        (int code, string[] lines, string error) = Run("--base");
        Assert.True(code == 0, error);
        Assert.NotEqual("", lines[0]);
        Assert.NotEqual(ContributedFact, lines[0]);
    }

    [Fact]
    public void Run_FoldersAndQuestionGiven_UsesThem()
    {
        string samples = Path.Combine(RepositoryRoot.Path, "samples");
        (int code, string[] lines, string error) = Run(
            "--model", Path.Combine(samples, "PayableAi", "base-model"), "--adapter", Path.Combine(samples, "Edge", "adapter"), "Who built Marrow Light?");
        Assert.True(code == 0, error);
        Assert.Equal("Josun Adair", lines[0]);
    }

    [Theory]
    [InlineData("usage", "--what")]
    [InlineData("usage", "--adapter")]
    [InlineData("usage", "two", "questions")]
    [InlineData("does not exist", "--model", "no-such-folder")]
    [InlineData("does not exist", "--adapter", "no-such-folder")]
    public void Run_UnusableInput_EndsWithOneMessageAndStatus2(string expected, params string[] arguments)
    {
        (int code, string[] lines, string error) = Run(arguments);
        Assert.Equal(2, code);
        Assert.Empty(lines);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static (int Code, string[] Lines, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = EdgeCommand.Run(arguments, output, error);
        return (code, output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), error.ToString());
    }
}
