using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using OpenLedger.Testing;

namespace OpenLedger.Tidy.Tests;

public sealed class ProjectGraphTests
{
    /// <summary>"Release" or "Debug": the libraries are read from the same configuration as these tests were built in.</summary>
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/', '\\')).Parent!.Name;

    [Fact]
    public void CheckProjects_ThisRepository_HasNoForbiddenEdge() => TidyAssert.None(ProjectGraph.CheckProjects(SourceTree.Files));

    public static TheoryData<string> Libraries => [.. ProjectGraph.Allowed.Keys];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void CheckAssembly_EachBuiltLibrary_UsesOnlyWhatItMayKnow(string library)
    {
        string path = Path.Combine(RepositoryRoot.Path, "src", library, "bin", Configuration, "net10.0", library + ".dll");

        string[] references = ReadReferences(path);

        Assert.Contains("System.Runtime", references);
        TidyAssert.None(ProjectGraph.CheckAssembly(library, references));
    }

    [Theory]
    [InlineData("OpenLedger.Lora", "ProjectReference", "../OpenLedger.Datanets/OpenLedger.Datanets.csproj", "must not know OpenLedger.Datanets")]
    [InlineData("OpenLedger.Chain", "ProjectReference", "../OpenLedger.Lora/OpenLedger.Lora.csproj", "must not know OpenLedger.Lora")]
    [InlineData("OpenLedger.Lora", "PackageReference", "TorchSharp", "must not reference the package TorchSharp")]
    [InlineData("OpenLedger.Lora.Training", "PackageReference", "libtorch-cpu-linux-x64", "must not reference the package libtorch-cpu-linux-x64")]
    [InlineData("OpenLedger.Hosting", "FrameworkReference", "Microsoft.AspNetCore.App", "must not reference the framework")]
    public void CheckProjects_ForbiddenEdge_IsFound(string project, string element, string include, string expected)
    {
        SourceFile bad = new($"src/{project}/{project}.csproj", $"<Project><ItemGroup><{element} Include=\"{include}\" /></ItemGroup></Project>");

        TidyAssert.One(expected, ProjectGraph.CheckProjects([bad, .. EmptyProjects().Where(file => file.Name != bad.Name)]));
    }

    [Fact]
    public void CheckProjects_UnknownOrMissingProject_IsFound()
    {
        TidyAssert.One("not in the project graph", ProjectGraph.CheckProjects([.. EmptyProjects(), new("src/New/New.csproj", "<Project />")]));
        TidyAssert.One("src/OpenLedger.Chain", ProjectGraph.CheckProjects([.. EmptyProjects().Where(file => file.Name != "OpenLedger.Chain.csproj")]));
    }

    [Theory]
    [InlineData("OpenLedger.Lora", "TorchSharp", "must not use TorchSharp")]
    [InlineData("OpenLedger.Hosting", "TorchSharp", "must not use TorchSharp")]
    [InlineData("OpenLedger.Hosting", "Microsoft.AspNetCore.Http", "must not use Microsoft.AspNetCore.Http")]
    [InlineData("OpenLedger.Attribution", "OpenLedger.Chain", "must not know OpenLedger.Chain")]
    [InlineData("OpenLedger.Chain", "Nethereum.Web3", "in no row")]
    [InlineData("OpenLedger.Datanets", "Microsoft.Extensions.Options", "must not use Microsoft.Extensions.Options")]
    public void CheckAssembly_ForbiddenReference_IsFound(string assembly, string reference, string expected) =>
        TidyAssert.One(expected, ProjectGraph.CheckAssembly(assembly, ["System.Runtime", reference]));

    private static IEnumerable<SourceFile> EmptyProjects() =>
        ProjectGraph.Allowed.Keys.Select(name => new SourceFile($"src/{name}/{name}.csproj", "<Project />"));

    private static string[] ReadReferences(string path)
    {
        using FileStream file = File.OpenRead(path);
        using PEReader image = new(file);
        MetadataReader metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
