using System.Buffers;
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
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Publishing;

/// <summary>Checks one published folder. Everything in it comes from outside.</summary>
internal sealed class FolderVerifier(string folder, IContributionVerifier verifier)
{
    private const int MaxFaults = 100;
    private const int MaxSmallFile = 16 << 20;
    private const int MaxLeafLine = 1_000; // digits; the longest leaf has 366
    private const int MaxForks = 2_000;
    private readonly List<string> _faults = [];
    private readonly DatanetLog _log = new();
    private readonly Dictionary<Sha256Digest, (ContributionStatement Statement, HashSet<RecordDigest> Records)> _contributions = [];
    private BranchContent? _content; // of the version, as the log tells it; null when the log is not the version's

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

        string[] present = Guard(FolderNames.Data, path => Directory.Exists(path) ? Directory.GetFileSystemEntries(path) : []);
        foreach (string name in present.Select(entry => $"{FolderNames.Data}/{Path.GetFileName(entry)}").Order(StringComparer.Ordinal))
        {
            if (!listed.Contains(name))
            {
                Fault(Directory.Exists(PathOf(name))
                    ? $"{name}: a folder, where only the files of the Croissant document belong."
                    : $"{name}: the Croissant document does not list this file.");
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

    private void CheckLog(DatanetVersion version) => Guard(FolderNames.Log, path =>
    {
        using FileStream stream = File.OpenRead(path);
        LineScanner scanner = new(FolderNames.Log, new JsonLinesOptions { MaxLineBytes = MaxLeafLine, MaxFileBytes = long.MaxValue });
        HashSet<string> branches = new(StringComparer.Ordinal) { BranchName.Main };
        while (!scanner.IsAtEnd)
        {
            while (scanner.TryRead(out LinePlace place))
            {
                if (ReadStep(scanner.Bytes(place).Span) is not DatanetStep step || !IsPossible(step, branches))
                {
                    Fault(string.Create(CultureInfo.InvariantCulture, $"{FolderNames.Log}:{place.LineNumber}: not a step that can stand here."));
                    return;
                }

                if (_log.Size == version.TreeSize)
                {
                    Fault($"{FolderNames.Log}: more than the {version.TreeSize} leaves of the version.");
                    return;
                }

                _log.Append(step);
            }

            if (!scanner.IsAtEnd)
            {
                scanner.Filled(stream.Read(scanner.Room().Span));
            }
        }

        if (_log.Size != version.TreeSize || _log.Tree.Root != version.Root)
        {
            Fault($"{FolderNames.Log}: {_log.Size} leaves with root {_log.Tree.Root}; the version has {version.TreeSize} with root {version.Root}.");
            return;
        }

        ThrowIfTooManyForks(version.Branch, version.TreeSize);
        _content = _log.ContentAt(version.Branch, version.TreeSize);
        if (_content.Count != version.RecordCount)
        {
            Fault($"{FolderNames.Log}: the branch '{version.Branch}' holds {_content.Count} records, the version says {version.RecordCount}.");
        }
    });

    private DatanetStep? ReadStep(ReadOnlySpan<byte> line)
    {
        Span<byte> leaf = stackalloc byte[MaxLeafLine / 2];
        return Convert.FromHexString(line, leaf, out int consumed, out int length) == OperationStatus.Done && consumed == line.Length
            ? LeafReader.Read(_log.Size, leaf[..length])
            : null;
    }

    /// <summary>Whether the records and branches that a step names exist when it comes; collects the branches.</summary>
    private bool IsPossible(DatanetStep step, HashSet<string> branches)
    {
        switch (step.Kind)
        {
            case StepKind.Add:
                return branches.Contains(step.Branch);
            case StepKind.Fork:
                bool isPossible = step.Target >= 0 && branches.Contains(step.Source);
                branches.Add(step.Branch);
                return isPossible;
            default:
                return (step.Kind == StepKind.Erase || branches.Contains(step.Branch))
                    && step.Target >= 0
                    && _log.IsRecord(step.Target)
                    && (step.Replacement is not long replacement || _log.IsRecord(replacement));
        }
    }

    /// <summary>The content of a branch is that of its source, and so on, one call inside the other: a log made for it would exhaust the stack.</summary>
    private void ThrowIfTooManyForks(string branch, long size)
    {
        for (int count = 0; count <= MaxForks; count++)
        {
            string name = branch;
            long before = size;
            DatanetStep? fork = _log.Forks.LastOrDefault(step => step.Branch == name && step.Position < before);
            if (fork is null)
            {
                return;
            }

            branch = fork.Source;
            size = Math.Min(fork.Target, fork.Position);
        }

        throw new DatanetException(DatanetError.LimitExceeded, $"{FolderNames.Log}: the version's branch goes through more than {MaxForks} forks.");
    }

    private void ReadContributions(DatanetVersion version) => Guard(FolderNames.Contributions, path =>
    {
        foreach (JsonLine line in JsonLinesReader.ReadFile(path, new JsonLinesOptions { MaxLineBytes = 32 << 20 }))
        {
            DocumentObject root = new(line.Value, line.Position, DatanetError.InvalidStatement);
            root.AllowOnly("signature", "statement");
            ContributionStatement statement = line.Value.TryGetProperty("statement", out JsonElement document)
                ? ContributionStatement.Parse(CanonicalJson.Serialize(document))
                : throw root.Fault("statement", "is missing");
            byte[] signature;
            try
            {
                signature = Convert.FromHexString(root.Text("signature"));
            }
            catch (Exception exception) when (exception is FormatException or InvalidOperationException) // the latter for half a surrogate pair
            {
                throw new DatanetException(DatanetError.InvalidStatement, $"{line.Position}: the signature is not hexadecimal.", exception);
            }

            if (statement.DatanetId != version.DatanetId || !verifier.Verify(statement.Contributor, statement.Digest.ToArray(), signature))
            {
                Fault($"{line.Position}: not signed by {statement.Contributor} for the datanet '{version.DatanetId}'.");
            }

            _contributions[statement.Digest] = (statement, [.. statement.Records]);
        }
    });

    private void CheckFile(CroissantResource resource, DatanetVersion version, HashSet<RecordDigest> seen)
    {
        string name = resource.ContentUrl ?? "";
        if (!name.StartsWith(FolderNames.Data + "/", StringComparison.Ordinal)
            || name.LastIndexOf('/') != FolderNames.Data.Length
            || name.Contains('\\', StringComparison.Ordinal)
            || name.Any(char.IsControl))
        {
            throw new DatanetException(DatanetError.UnsafePath, $"The Croissant document lists '{name}', which is not a file of '{FolderNames.Data}'.");
        }

        string sha256 = Guard(name, path =>
        {
            using FileStream stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        });
        if (sha256 != resource.Sha256)
        {
            Fault($"{name}: SHA-256 is {sha256}, the Croissant document says {resource.Sha256}.");
        }

        Guard(name, path =>
        {
            foreach (JsonLine line in JsonLinesReader.ReadFile(path, new JsonLinesOptions { MaxLineBytes = 4 << 20 }))
            {
                if (CheckLine(line, version) is RecordDigest record && !seen.Add(record))
                {
                    Fault($"{line.Position}: the record {record} occurs twice.");
                }
            }
        });
    }

    private RecordDigest? CheckLine(JsonLine line, DatanetVersion version)
    {
        if (line.Value.ValueKind != JsonValueKind.Object)
        {
            throw new DatanetException(DatanetError.InvalidManifest, $"{line.Position} is not a JSON object.");
        }

        JsonObject payload = JsonObject.Create(line.Value)!;
        if (!payload.Remove(FolderNames.Member) || !line.Value.TryGetProperty(FolderNames.Member, out JsonElement member))
        {
            Fault($"{line.Position}: the member '{FolderNames.Member}' is missing.");
            return null;
        }

        // The canonical form has no half surrogate pairs, which could not be read as text.
        DocumentObject origin = new(CanonicalJson.Parse(CanonicalJson.Serialize(member)), line.Position, DatanetError.InvalidManifest);
        RecordDigest digest = DatanetRecord.FromObject(payload, line.Position).Digest;
        long leafIndex = origin.Int64("leaf");
        DatanetLeaf leaf = new()
        {
            Branch = origin.Has("branch") ? origin.Text("branch") : "main",
            Contributor = ContributorId.TryParse(origin.Text("contributor"), null, out ContributorId contributor) ? contributor : throw origin.Fault("contributor", "is not a contributor id"),
            Record = digest,
            Contribution = origin.Digest("contribution"),
            RegisteredAtUnixMs = origin.Int64("unixMs"),
        };
        if (digest.ToString() != origin.Text("record"))
        {
            Fault($"{line.Position}: the record has digest {digest}, the line says {origin.Text("record")}.");
        }
        else if (leafIndex < 0 || leafIndex >= Math.Min(_log.Size, version.TreeSize) || !BranchName.IsValid(leaf.Branch) || leaf.Hash() != _log.Tree.LeafHash(leafIndex))
        {
            Fault($"{line.Position}: the log has no such record at leaf {leafIndex.ToString(CultureInfo.InvariantCulture)}.");
        }
        else if (!_contributions.TryGetValue(leaf.Contribution, out (ContributionStatement Statement, HashSet<RecordDigest> Records) contribution)
            || contribution.Statement.Contributor != leaf.Contributor
            || !contribution.Records.Contains(digest))
        {
            Fault($"{line.Position}: no signed contribution of {leaf.Contributor} gives this record.");
        }
        else if (_content?.Contains(leafIndex) == false)
        {
            Fault($"{line.Position}: the branch '{version.Branch}' does not hold the record of leaf {leafIndex.ToString(CultureInfo.InvariantCulture)}.");
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

    private void Guard(string name, Action<string> read) => Guard(name, path =>
    {
        read(path);
        return true;
    });

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
