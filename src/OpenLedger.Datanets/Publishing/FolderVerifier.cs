using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Manifests;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Transparency;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Publishing;

/// <summary>Checks one published folder. Everything in it comes from outside.</summary>
internal sealed class FolderVerifier(string folder, IContributionVerifier verifier)
{
    private const int MaxFaults = 100;
    private const int MaxSmallFile = 16 << 20;
    private readonly List<string> _faults = [];
    private readonly TransparencyTree _log = new();
    private readonly Dictionary<Sha256Digest, (ContributionStatement Statement, HashSet<RecordDigest> Records)> _contributions = [];

    public FolderCheck Run()
    {
        DatanetVersion version = DatanetVersion.Parse(ReadSmall(FolderNames.Version));
        CheckDocuments(version);
        CheckLog(version);
        ReadContributions(version);
        CroissantDataset croissant = CroissantDataset.Parse(ReadSmall(FolderNames.Croissant));
        foreach (CroissantIssue issue in croissant.FindIssues().Where(issue => issue.IsError))
        {
            Fault($"{FolderNames.Croissant}: {issue.Message}");
        }

        HashSet<RecordDigest> seen = [];
        string[] listed = [.. croissant.Distribution.Where(resource => resource.Kind == CroissantResourceKind.FileObject).Select(resource => resource.ContentUrl ?? "")];
        foreach (CroissantResource resource in croissant.Distribution.Where(resource => resource.Kind == CroissantResourceKind.FileObject))
        {
            CheckFile(resource, version, seen);
        }

        string data = Path.Combine(folder, FolderNames.Data);
        foreach (string file in Directory.Exists(data) ? Directory.GetFiles(data).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            if (!listed.Contains($"{FolderNames.Data}/{Path.GetFileName(file)}"))
            {
                Fault($"{FolderNames.Data}/{Path.GetFileName(file)}: the Croissant document does not list this file.");
            }
        }

        if (seen.Count > version.RecordCount)
        {
            Fault($"The folder has {seen.Count} records, more than the {version.RecordCount} of the version.");
        }

        return new FolderCheck(version.Id.ToString(), seen.Count, _contributions.Count, _faults.AsReadOnly());
    }

    private void CheckDocuments(DatanetVersion version)
    {
        DatanetSchema schema = DatanetSchema.Parse(ReadSmall(FolderNames.Schema));
        if (schema.Digest != version.Schema)
        {
            Fault($"{FolderNames.Schema}: its digest is {schema.Digest}, the version names {version.Schema}.");
        }

        VersionManifest manifest = VersionManifest.Parse(ReadSmall(FolderNames.Manifest));
        if (manifest.Digest != version.Manifest)
        {
            Fault($"{FolderNames.Manifest}: its digest is {manifest.Digest}, the version names {version.Manifest}.");
        }
    }

    private void CheckLog(DatanetVersion version)
    {
        foreach (string line in Guard(FolderNames.Log, path => File.ReadLines(path)))
        {
            byte[] leaf;
            try
            {
                leaf = line.Length <= 1000 ? Convert.FromHexString(line) : throw new FormatException();
            }
            catch (FormatException)
            {
                Fault($"{FolderNames.Log}:{_log.Size + 1}: not a leaf in hexadecimal digits.");
                return;
            }

            _log.Append(leaf);
        }

        if (_log.Size != version.TreeSize || _log.Root != version.Root)
        {
            Fault($"{FolderNames.Log}: {_log.Size} leaves with root {_log.Root}; the version has {version.TreeSize} with root {version.Root}.");
        }
    }

    private void ReadContributions(DatanetVersion version)
    {
        foreach (JsonLine line in JsonLinesReader.ReadFile(PathOf(FolderNames.Contributions), new JsonLinesOptions { MaxLineBytes = 32 << 20 }))
        {
            DocumentObject root = new(line.Value, line.Position, DatanetError.InvalidStatement);
            root.AllowOnly("signature", "statement");
            ContributionStatement statement = ContributionStatement.Parse(CanonicalJson.Serialize(line.Value.GetProperty("statement")));
            byte[] signature;
            try
            {
                signature = Convert.FromHexString(root.Text("signature"));
            }
            catch (FormatException exception)
            {
                throw new DatanetException(DatanetError.InvalidStatement, $"{line.Position}: the signature is not hexadecimal.", exception);
            }

            if (statement.DatanetId != version.DatanetId || !verifier.Verify(statement.Contributor, statement.Digest.ToArray(), signature))
            {
                Fault($"{line.Position}: not signed by {statement.Contributor} for the datanet '{version.DatanetId}'.");
            }

            _contributions[statement.Digest] = (statement, [.. statement.Records]);
        }
    }

    private void CheckFile(CroissantResource resource, DatanetVersion version, HashSet<RecordDigest> seen)
    {
        string name = resource.ContentUrl ?? "";
        if (!name.StartsWith(FolderNames.Data + "/", StringComparison.Ordinal) || name.LastIndexOf('/') != FolderNames.Data.Length || name.Contains('\\', StringComparison.Ordinal))
        {
            throw new DatanetException(DatanetError.UnsafePath, $"The Croissant document lists '{name}', which is not a file of '{FolderNames.Data}'.");
        }

        using (Stream stream = Guard(name, File.OpenRead))
        {
            string sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (sha256 != resource.Sha256)
            {
                Fault($"{name}: SHA-256 is {sha256}, the Croissant document says {resource.Sha256}.");
            }
        }

        foreach (JsonLine line in JsonLinesReader.ReadFile(PathOf(name), new JsonLinesOptions { MaxLineBytes = 4 << 20 }))
        {
            if (CheckLine(line, version) is RecordDigest record && !seen.Add(record))
            {
                Fault($"{line.Position}: the record {record} occurs twice.");
            }
        }
    }

    private RecordDigest? CheckLine(JsonLine line, DatanetVersion version)
    {
        JsonObject payload = JsonObject.Create(line.Value)!;
        if (!payload.Remove(FolderNames.Member) || !line.Value.TryGetProperty(FolderNames.Member, out JsonElement member))
        {
            Fault($"{line.Position}: the member '{FolderNames.Member}' is missing.");
            return null;
        }

        DocumentObject origin = new(member, line.Position, DatanetError.InvalidManifest);
        RecordDigest digest = DatanetRecord.FromObject(payload, line.Position).Digest;
        long leafIndex = origin.Int64("leaf");
        DatanetLeaf leaf = new()
        {
            Branch = member.TryGetProperty("branch", out _) ? origin.Text("branch") : "main",
            Contributor = ContributorId.TryParse(origin.Text("contributor"), null, out ContributorId contributor) ? contributor : throw origin.Fault("contributor", "is not a contributor id"),
            Record = digest,
            Contribution = origin.Digest("contribution"),
            RegisteredAtUnixMs = origin.Int64("unixMs"),
        };
        if (digest.ToString() != origin.Text("record"))
        {
            Fault($"{line.Position}: the record has digest {digest}, the line says {origin.Text("record")}.");
        }
        else if (leafIndex < 0 || leafIndex >= Math.Min(_log.Size, version.TreeSize) || !BranchName.IsValid(leaf.Branch) || leaf.Hash() != _log.LeafHash(leafIndex))
        {
            Fault($"{line.Position}: the log has no such record at leaf {leafIndex.ToString(CultureInfo.InvariantCulture)}.");
        }
        else if (!_contributions.TryGetValue(leaf.Contribution, out (ContributionStatement Statement, HashSet<RecordDigest> Records) contribution)
            || contribution.Statement.Contributor != leaf.Contributor
            || !contribution.Records.Contains(digest))
        {
            Fault($"{line.Position}: no signed contribution of {leaf.Contributor} gives this record.");
        }

        return digest;
    }

    private void Fault(string fault)
    {
        if (_faults.Count < MaxFaults)
        {
            _faults.Add(fault);
        }
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    private byte[] ReadSmall(string name) => Guard(name, path => new FileInfo(path).Length <= MaxSmallFile
        ? File.ReadAllBytes(path)
        : throw new DatanetException(DatanetError.LimitExceeded, $"'{name}' is larger than {MaxSmallFile} bytes."));

    private T Guard<T>(string name, Func<string, T> read)
    {
        try
        {
            return read(PathOf(name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatanetException(DatanetError.InvalidManifest, $"The folder '{folder}' has no readable '{name}': {exception.Message}", exception);
        }
    }
}
