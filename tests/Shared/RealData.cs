namespace OpenLedger.Testing;

/// <summary>Finds the real artifacts that tests compare with, or skips with a printed reason where they are absent.</summary>
/// <remarks>
/// The folder is named by <c>OPENLEDGER_REAL_DATA</c>; the default is <c>../shared/data</c> beside the repository.
/// When <c>OPENLEDGER_REQUIRE</c> lists <c>realdata</c>, absence is a failure instead of a skip.
/// </remarks>
internal static class RealData
{
    /// <summary>Returns the path of one artifact, or skips the calling test.</summary>
    public static string Require(string relativePath)
    {
        string root = Environment.GetEnvironmentVariable("OPENLEDGER_REAL_DATA")
            ?? Path.Combine(RepositoryRoot.Path, "..", "shared", "data");
        string path = Path.GetFullPath(Path.Combine(root, relativePath));
        if (File.Exists(path) || Directory.Exists(path))
        {
            return path;
        }

        Requirement.SkipOrFail("realdata", $"real artifact '{relativePath}' is not in '{root}'; set OPENLEDGER_REAL_DATA to its folder");
        return path;
    }
}
