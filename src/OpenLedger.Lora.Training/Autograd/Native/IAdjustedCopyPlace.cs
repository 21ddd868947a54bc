namespace OpenLedger.Lora.Training.Autograd;

/// <summary>One place where an adjusted copy may lie while the loader maps it.</summary>
internal interface IAdjustedCopyPlace
{
    /// <summary>Gets words for an error message.</summary>
    string Description { get; }

    /// <summary>Makes sure that a file with exactly <paramref name="content"/> exists, and returns its path.</summary>
    string Write(string fileName, byte[] content);

    /// <summary>Called when the loader is done with the file, whether it liked it or not.</summary>
    void Release();
}
