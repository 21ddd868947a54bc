namespace OpenLedger.Datanets.Manifests;

/// <summary>What a <see cref="CroissantResource"/> stands for.</summary>
public enum CroissantResourceKind
{
    /// <summary>One file, <c>cr:FileObject</c>.</summary>
    FileObject = 0,

    /// <summary>The files of a folder or archive that fit a pattern, <c>cr:FileSet</c>.</summary>
    FileSet = 1,
}
