using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;
using OpenLedger.Tidy.Tests;

namespace OpenLedger.Packaging.Tests;

/// <summary>What is in each package, read back from the files that a user would download.</summary>
[Collection<SharedFeed>]
public sealed class PackageTests(PackedFamily family)
{
    /// <summary>Custom debug information of a portable PDB: the SourceLink document (Portable PDB specification).</summary>
    private static readonly Guid SourceLinkKind = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    public static TheoryData<string> Packages => [.. ProjectGraph.Allowed.Keys];

    [Fact]
    public void Feed_AfterPacking_HoldsExactlyTheFamily()
    {
        IEnumerable<string> expected = ProjectGraph.Allowed.Keys
            .SelectMany(id => new[] { $"{id}.{family.Version}.nupkg", $"{id}.{family.Version}.snupkg" })
            .Order(StringComparer.Ordinal);

        Assert.Equal(expected, Directory.GetFiles(family.Feed).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(": warning ", family.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Manifest_EachPackage_SaysLicenceReadmeVersionAndSource(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(family.Package(id));
        XElement metadata = Manifest(package, id);

        Assert.Equal(id, Value(metadata, "id"));
        Assert.Equal(family.Version, Value(metadata, "version"));
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("expression", (string?)Element(metadata, "license").Attribute("type"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.True(Value(metadata, "description").Length > 40);
        Assert.Equal(PackedFamily.Commit, (string?)Element(metadata, "repository").Attribute("commit"));
        Assert.Equal("https://github.com/example/openledger-dotnet.git", (string?)Element(metadata, "repository").Attribute("url"));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Contents_EachPackage_AreOneLibraryWithDocsAndReadmeAndNothingNative(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(family.Package(id));

        string[] files = [.. package.Entries.Select(entry => entry.FullName).Where(name => !IsPackagingPart(name)).Order(StringComparer.Ordinal)];

        // One exact list: a native library, a stray folder or a second framework shows up as a difference.
        Assert.Equal([$"{id}.nuspec", "README.md", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"], files);
        Assert.True(package.GetEntry("README.md")!.Length > 0);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Documentation_EachPackage_CoversItsPublicTypes(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(family.Package(id));
        XDocument documentation = XDocument.Parse(Encoding.UTF8.GetString(Read(package, $"lib/net10.0/{id}.xml")).TrimStart('\ufeff'));
        HashSet<string?> documented = [.. documentation.Descendants("member").Select(member => (string?)member.Attribute("name"))];
        using PEReader image = new(new MemoryStream(Read(package, $"lib/net10.0/{id}.dll")));
        MetadataReader metadata = image.GetMetadataReader();

        string[] missing =
        [
            .. from handle in metadata.TypeDefinitions
               let type = metadata.GetTypeDefinition(handle)
               where (type.Attributes & System.Reflection.TypeAttributes.VisibilityMask) == System.Reflection.TypeAttributes.Public
               let name = $"T:{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"
               where !documented.Contains(name)
               select name,
        ];

        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Dependencies_EachPackage_AreThoseOfTheGraph(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(family.Package(id));
        XElement group = Assert.Single(Element(Manifest(package, id), "dependencies").Elements());
        Assert.Equal("net10.0", (string?)group.Attribute("targetFramework"));
        Dictionary<string, string> dependencies = group.Elements().ToDictionary(element => (string)element.Attribute("id")!, element => (string)element.Attribute("version")!);

        string[] own = [.. dependencies.Keys.Where(name => name.StartsWith("OpenLedger.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(ProjectGraph.Allowed[id].Projects.Order(StringComparer.Ordinal), own);
        Assert.All(own, name => Assert.Equal(family.Version, dependencies[name]));

        // Central transitive pinning lists the packages of the projects below as well, and nothing beyond them.
        string[] foreign = [.. dependencies.Keys.Except(own).Except(PackagesAtOrBelow(id))];
        Assert.Empty(foreign);
        Assert.All(ProjectReferences(id), name => Assert.Contains(name, dependencies.Keys));
        Assert.DoesNotContain(dependencies, dependency => dependency.Key.Contains("libtorch", StringComparison.OrdinalIgnoreCase) || dependency.Value.Contains('['));
    }

    [Theory]
    [InlineData("OpenLedger.Datanets")]
    [InlineData("OpenLedger.Datanets.PostgreSql")]
    [InlineData("OpenLedger.Lora")]
    [InlineData("OpenLedger.Chain")]
    public void Dependencies_OfPackagesWithoutTraining_BringNoTorch(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(family.Package(id));

        Assert.DoesNotContain("TorchSharp", Manifest(package, id).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Symbols_EachPackage_MatchTheLibraryAndLinkToTheSource(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(family.Package(id));
        using ZipArchive symbols = ZipFile.OpenRead(family.Symbols(id));
        byte[] library = Read(package, $"lib/net10.0/{id}.dll");
        using PEReader image = new(new MemoryStream(library));
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Read(symbols, $"lib/net10.0/{id}.pdb")));
        MetadataReader pdb = provider.GetMetadataReader();

        DebugDirectoryEntry codeView = image.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);
        BlobContentId pdbId = new(pdb.DebugMetadataHeader!.Id);
        Assert.Equal(image.ReadCodeViewDebugDirectoryData(codeView).Guid, pdbId.Guid);
        Assert.Contains(image.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);

        string sourceLink = Assert.Single(
            from handle in pdb.GetCustomDebugInformation(EntityHandle.ModuleDefinition)
            let information = pdb.GetCustomDebugInformation(handle)
            where pdb.GetGuid(information.Kind) == SourceLinkKind
            select Encoding.UTF8.GetString(pdb.GetBlobBytes(information.Value)));
        Assert.Contains($"https://raw.githubusercontent.com/example/openledger-dotnet/{PackedFamily.Commit}/*", sourceLink, StringComparison.Ordinal);

        // A deterministic build names its sources by an invented root, so that two machines give the same bytes.
        Assert.All(pdb.Documents, handle => Assert.StartsWith("/_/", pdb.GetString(pdb.GetDocument(handle).Name), StringComparison.Ordinal));
        Assert.Equal(-1, library.AsSpan().IndexOf(Encoding.UTF8.GetBytes(family.Root)));
    }

    private static bool IsPackagingPart(string name) =>
        name.StartsWith("_rels/", StringComparison.Ordinal) || name.StartsWith("package/", StringComparison.Ordinal) || name == "[Content_Types].xml";

    private static XElement Manifest(ZipArchive package, string id) =>
        Element(XDocument.Parse(Encoding.UTF8.GetString(Read(package, id + ".nuspec")).TrimStart('\ufeff')).Root!, "metadata");

    private static XElement Element(XElement parent, string name) => parent.Elements().Single(element => element.Name.LocalName == name);

    private static string Value(XElement parent, string name) => Element(parent, name).Value;

    private static byte[] Read(ZipArchive archive, string name)
    {
        ZipArchiveEntry? entry = archive.GetEntry(name);
        Assert.NotNull(entry);
        using Stream stream = entry.Open();
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>The packages that the project file itself names.</summary>
    private string[] ProjectReferences(string id) =>
    [
        .. XDocument.Load(Path.Combine(family.Sources, "src", id, id + ".csproj")).Descendants("PackageReference").Select(reference => (string)reference.Attribute("Include")!),
    ];

    private static IEnumerable<string> PackagesAtOrBelow(string id) =>
        ProjectGraph.Allowed[id].Projects.Append(id).SelectMany(project => ProjectGraph.Allowed[project].Packages).Distinct();
}
