namespace OpenLedger.Testing;

/// <summary>The folder that holds <c>OpenLedger.sln</c>, found upward from the test assembly.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "OpenLedger.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No OpenLedger.sln above '{AppContext.BaseDirectory}'.");
    }
}
