using System.Globalization;
using System.Security.Cryptography;
using OpenLedger.Chain.Canonical;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;

namespace OpenLedger.Chain.Verification;

/// <summary>Writes everything that a ledger holds to a folder that <see cref="SettlementVerifier"/> checks without the ledger.</summary>
/// <remarks>
/// Files: <c>epoch-00000001.json</c> and so on (terms, receipts, shares), <c>ledger.json</c> (all entries), <c>payouts.json</c> (every
/// account's earnings, payments and proof) and <c>manifest.json</c> (their SHA-256, signed by the operator). All are canonical JSON; see
/// <c>docs/spec/ledger.md</c> of the repository. Static and safe for concurrent use on different folders.
/// </remarks>
public static class SettlementExport
{
    internal const string LedgerFile = "ledger.json";
    internal const string PayoutsFile = "payouts.json";
    internal const string ManifestFile = "manifest.json";

    /// <summary>Exports a ledger.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="operatorSigner">The operator's key, which signs the manifest.</param>
    /// <param name="folder">The folder; it is created where it is missing, and files of an earlier export are replaced.</param>
    /// <returns>The paths of the files written, the manifest last.</returns>
    /// <exception cref="ArgumentException">The signer is not the ledger's operator.</exception>
    /// <exception cref="ChainException">The ledger cannot be read, or a file cannot be written.</exception>
    public static IReadOnlyList<string> Write(SqliteLedger ledger, ISigner operatorSigner, string folder)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(operatorSigner);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        LedgerContents contents = ledger.ReadContents();
        LedgerIdentity identity = contents.State.Identity;
        if (operatorSigner.Address != identity.Operator)
        {
            throw new ArgumentException(
                $"The signer is {operatorSigner.Address}; the ledger's operator is {identity.Operator}.",
                nameof(operatorSigner));
        }

        List<(string Name, byte[] Bytes)> files = [];
        for (int i = 0; i < contents.EpochDocuments.Count; i++)
        {
            files.Add((EpochFile((ulong)i + 1), contents.EpochDocuments[i]));
        }

        files.Add((LedgerFile, LedgerDocument.Write(contents.Entries)));
        files.Add((PayoutsFile, PayoutsDocument.Write(PayoutsDocument.Of(contents.State))));
        ManifestDocument.Content manifest = new(
            identity,
            contents.State.EntryCount,
            contents.State.Head,
            [.. files.Select(file => new ManifestDocument.ExportedFile(file.Name, new Bytes32(SHA256.HashData(file.Bytes))))],
            default);
        manifest = manifest with { Signature = operatorSigner.SignHash(manifest.Digest()) };
        files.Add((ManifestFile, ManifestDocument.Write(manifest)));
        return WriteFiles(folder, files);
    }

    internal static string EpochFile(ulong epoch) => string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D8}.json");

    // Each file appears completely or not at all, and the manifest last: an interrupted export leaves no folder that verifies by mistake.
    private static List<string> WriteFiles(string folder, List<(string Name, byte[] Bytes)> files)
    {
        List<string> paths = [];
        try
        {
            Directory.CreateDirectory(folder);
            foreach ((string name, byte[] bytes) in files)
            {
                string path = Path.Combine(folder, name);
                string temporary = path + ".tmp";
                File.WriteAllBytes(temporary, bytes);
                File.Move(temporary, path, overwrite: true);
                paths.Add(path);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ChainException(ChainError.FileUnavailable, $"The export to '{folder}' failed: {fault.Message}", fault);
        }

        return paths;
    }
}
