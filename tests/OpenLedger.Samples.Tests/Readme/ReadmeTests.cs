using OpenLedger.Testing;

namespace OpenLedger.Samples.Tests.Readme;

public class ReadmeTests
{
    [Fact]
    public void QuickStart_InTheReadme_IsTheCodeThatCompiles()
    {
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Samples.Tests", "Readme", "QuickStart.cs"));
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"));
        string code = string.Join("\n\n", Parts(source));
        Assert.Contains($"```csharp\n{code}\n```", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_InTheReadme_LeadToFiles()
    {
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"));
        string[] links = [.. System.Text.RegularExpressions.Regex.Matches(readme, @"\]\((?!https?:|#)([^)#]+)").Select(m => m.Groups[1].Value)];
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(RepositoryRoot.Path, link)), link));
    }

    /// <summary>The text between each begin and end mark, indentation taken off.</summary>
    private static IEnumerable<string> Parts(string source)
    {
        string[] lines = source.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() == "// begin")
            {
                string[] part = [.. lines.Skip(i + 1).TakeWhile(line => line.Trim() != "// end")];
                int indent = part.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
                yield return string.Join('\n', part.Select(line => line.Length >= indent ? line[indent..] : line));
            }
        }
    }
}
