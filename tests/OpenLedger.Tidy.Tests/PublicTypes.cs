using System.Text.RegularExpressions;

namespace OpenLedger.Tidy.Tests;

/// <summary>One public type per file, named as the file; namespaces that follow the folders.</summary>
internal static partial class PublicTypes
{
    public static IEnumerable<string> Check(IEnumerable<SourceFile> files)
    {
        foreach (SourceFile file in files.Where(file => file.IsIn("src") && file.EndsWith(".cs") && !file.EndsWith(".g.cs")))
        {
            string code = CSharpCode.WithoutCommentsAndLiterals(file.Text);
            string[] names = [.. TopLevel(code).Distinct()];
            if (names.Length > 1)
            {
                yield return $"{file.Path}: {names.Length} public types: {string.Join(", ", names)}";
            }
            else if (names.Length == 1 && file.Name.Split('.')[0] != names[0])
            {
                yield return $"{file.Path}: holds the public type {names[0]}; name the file by it";
            }

            foreach (string violation in CheckNamespace(file, code))
            {
                yield return violation;
            }

            if (UnspecificName().Match(file.Path) is { Success: true } match)
            {
                yield return $"{file.Path}: '{match.Value}' names no capability";
            }
        }
    }

    private static IEnumerable<string> CheckNamespace(SourceFile file, string code)
    {
        Match declaration = Namespace().Match(code);
        if (!declaration.Success)
        {
            // Assembly attributes and global usings live outside of any namespace.
            if (TypeDeclaration().IsMatch(code))
            {
                yield return $"{file.Path}: has no namespace";
            }

            yield break;
        }

        if (declaration.Groups["end"].Value != ";")
        {
            yield return $"{file.Path}: its namespace is not file-scoped";
        }

        // src/OpenLedger.Lora/Models/Llama/X.cs may be OpenLedger.Lora.Models: a folder below a capability need not be a namespace of its own.
        string[] parts = file.Path.Split('/');

        // Files that several projects compile belong to the family, not to one of them: src/Shared/Unicode is OpenLedger.Unicode.
        if (parts[1] == "Shared")
        {
            parts[1] = "OpenLedger";
        }

        string full = string.Join('.', parts[1..^1]) + ".";
        string name = declaration.Groups["name"].Value + ".";
        bool tooShort = parts.Length > 3 && name == parts[1] + ".";
        if (!full.StartsWith(name, StringComparison.Ordinal) || !name.StartsWith(parts[1] + ".", StringComparison.Ordinal) || tooShort)
        {
            yield return $"{file.Path}: namespace {name[..^1]} does not follow the folder";
        }
    }

    /// <summary>The names of public types that are not nested: declared where no brace of a type is open.</summary>
    private static IEnumerable<string> TopLevel(string code)
    {
        int depth = Namespace().Match(code) is { Success: true } block && block.Groups["end"].Value == "{" ? -1 : 0;
        int scanned = 0;
        foreach (Match match in PublicTypeDeclaration().Matches(code))
        {
            for (; scanned < match.Index; scanned++)
            {
                depth += code[scanned] == '{' ? 1 : code[scanned] == '}' ? -1 : 0;
            }

            if (depth == 0)
            {
                yield return match.Groups["name"].Value;
            }
        }
    }

    private const string Kinds = @"(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?)";

    [GeneratedRegex(@"\bpublic\s+(?:(?:static|sealed|abstract|partial|readonly|ref|unsafe|new)\s+)*(?:" + Kinds + @"\s+(?<name>\w+)|delegate\s+[^;(]*?(?<name>\w+)\s*(?:<[^>]*>)?\s*\()", RegexOptions.CultureInvariant)]
    private static partial Regex PublicTypeDeclaration();

    [GeneratedRegex(@"\b" + Kinds + @"\s+\w+", RegexOptions.CultureInvariant)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^\s*namespace\s+(?<name>[\w.]+)\s*(?<end>[;{])", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(?<=/)(?:Utils?|Utilities|Common|Helpers?|Misc)(?=[/.])", RegexOptions.CultureInvariant)]
    private static partial Regex UnspecificName();
}
