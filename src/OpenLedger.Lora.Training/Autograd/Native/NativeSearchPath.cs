using System.Runtime.InteropServices;

namespace OpenLedger.Lora.Training.Autograd;

/// <summary>The folders in which the .NET host would look for native libraries, in its order.</summary>
internal static class NativeSearchPath
{
    public static IReadOnlyList<string> ForThisProcess(IReadOnlyList<string> first)
    {
        // The host lists the native folders of the packages here when an application runs from its build output without copies of them.
        string host = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string application = AppContext.BaseDirectory;
        List<string> folders = [.. first, application];

        // An app built for one runtime has the files beside it; a portable one keeps them per runtime identifier. The exact identifier may be
        // a distribution's own (debian.12-x64), so the portable name of the architecture is looked for as well.
        string portable = "linux-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        foreach (string identifier in new[] { RuntimeInformation.RuntimeIdentifier, portable })
        {
            folders.Add(Path.Combine(application, "runtimes", identifier, "native"));
        }

        folders.AddRange(host.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Distinct(StringComparer.Ordinal)];
    }
}
