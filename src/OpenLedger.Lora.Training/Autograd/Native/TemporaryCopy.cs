namespace OpenLedger.Lora.Training.Autograd;

/// <summary>
/// A copy in a fresh private folder of the temporary directory, deleted as soon as it is mapped. It is never found again on purpose: a predictable name in
/// a directory that everybody may write to would be an invitation.
/// </summary>
internal sealed class TemporaryCopy : IAdjustedCopyPlace
{
    private string? _folder;

    public string Description => $"temporary folder '{Path.GetTempPath()}'";

    public string Write(string fileName, byte[] content)
    {
        _folder = Directory.CreateTempSubdirectory("openledger-native-").FullName;
        string path = Path.Combine(_folder, fileName);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Release()
    {
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
            _folder = null;
        }
    }
}
