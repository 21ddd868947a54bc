namespace OpenLedger.Lora.Training.Autograd;

/// <summary>One record of <c>.gnu.version_r</c>: "symbols with version index <c>Index</c> must come in version <c>Name</c> from <c>File</c>".</summary>
/// <param name="File">Soname of the library that must provide the version.</param>
/// <param name="Name">Version name, e.g. <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="Index">The number by which <c>.gnu.version</c> refers to this record.</param>
/// <param name="Flags">Flags of the record; bit 1 means weak.</param>
/// <param name="FlagsOffset">Where the flags lie in the file.</param>
internal sealed record ElfVersionNeed(string File, string Name, ushort Index, ushort Flags, int FlagsOffset);
