using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Reading;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Publishing;

/// <summary>A version of a datanet as a folder that others can use and check: records as JSON Lines, a dataset card, a Croissant document,
/// and everything from which the version's root and every signature can be verified without the datanet.</summary>
/// <remarks>
/// The layout is specified in <c>docs/spec/datanet-folder.md</c>. A published folder is a copy that an erasure does not reach: publish again
/// and ask those who have the old one to drop it. All members are safe for concurrent use, on different folders.
/// </remarks>
public static class DatanetFolder
{
    private static readonly byte[] NewLine = [(byte)'\n'];

    /// <summary>Writes a version.</summary>
    /// <param name="datanet">The datanet.</param>
    /// <param name="version">A version of it.</param>
    /// <param name="path">A folder that is absent or empty; created.</param>
    /// <param name="options">What the manifests say.</param>
    /// <exception cref="ArgumentException">An option is not legal, names of parts differ only in case, the folder is not empty, or the schema has a field <c>openledger</c>.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.VersionNotFound"/>, or a fault of the store.</exception>
    /// <exception cref="IOException">The folder cannot be written; what was written so far remains.</exception>
    public static void Write(Datanet datanet, DatanetVersion version, string path, DatanetFolderOptions options)
    {
        ArgumentNullException.ThrowIfNull(datanet);
        ArgumentNullException.ThrowIfNull(version);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (datanet.Schema.Variants.Any(variant => variant.Fields.Any(field => field.Name == FolderNames.Member)))
        {
            throw new ArgumentException($"The schema has a field '{FolderNames.Member}', the name under which the folder keeps a record's origin; migrate it first.", nameof(datanet));
        }

        if (options.Plan is not null && options.Plan.Shares.DistinctBy(share => share.Name, StringComparer.OrdinalIgnoreCase).Count() != options.Plan.Shares.Count)
        {
            throw new ArgumentException("The plan has parts whose names differ only in case, which are one file on some systems; name them differently.", nameof(options));
        }

        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new ArgumentException($"The folder '{path}' is not empty; name one that is, so that no older file is taken for a part of it.", nameof(path));
        }

        Directory.CreateDirectory(System.IO.Path.Combine(path, FolderNames.Proofs));
        Directory.CreateDirectory(System.IO.Path.Combine(path, FolderNames.Data));
        VersionManifest manifest = datanet.GetManifest(version);
        WriteFile(path, FolderNames.Version, version.Header.Span);
        WriteFile(path, FolderNames.Manifest, manifest.Document.Span);
        WriteFile(path, FolderNames.Schema, datanet.Schema.Document.Span);
        WriteLog(datanet, version, path);
        (PublishedFile[] files, IReadOnlyDictionary<Sha256Digest, ConsentTerms> consents) = WriteRecords(datanet, version, path, options);
        FolderDescription description = new(datanet, version, manifest, options, files, [.. consents.Values]);
        WriteFile(path, FolderNames.Croissant, description.ToCroissant().ToJson());
        WriteFile(path, FolderNames.Card, System.Text.Encoding.UTF8.GetBytes(description.ToCard().ToMarkdown()));
    }

    /// <summary>Checks a folder without the datanet it came from: digests, signatures, the log's root, and that the version's branch holds every record.</summary>
    /// <param name="path">A folder that <see cref="Write"/> wrote, from whatever source.</param>
    /// <param name="verifier">Checks the signatures of contributions.</param>
    /// <returns>What was checked and what does not hold. That the version itself is the right one is for the caller to compare.</returns>
    /// <exception cref="DatanetException">A file is missing or cannot be read as what it should be.</exception>
    public static FolderCheck Verify(string path, IContributionVerifier verifier)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(verifier);
        return new FolderVerifier(path, verifier).Run();
    }

    private static void WriteLog(Datanet datanet, DatanetVersion version, string path)
    {
        using StreamWriter log = new(System.IO.Path.Combine(path, FolderNames.Log)) { NewLine = "\n" };
        foreach (DatanetStep step in datanet.Steps(version))
        {
            log.WriteLine(Convert.ToHexStringLower(step.ToBytes()));
        }
    }

    private static (PublishedFile[] Files, IReadOnlyDictionary<Sha256Digest, ConsentTerms> Consents) WriteRecords(
        Datanet datanet, DatanetVersion version, string path, DatanetFolderOptions options)
    {
        SortedDictionary<string, DataFile> files = new(StringComparer.Ordinal);
        Dictionary<Sha256Digest, ConsentTerms> consents = [];
        using FileStream contributions = File.Create(System.IO.Path.Combine(path, FolderNames.Contributions));
        try
        {
            foreach (CommittedRecord record in datanet.Records(version))
            {
                ContributionStatement? statement = null;
                if (!consents.ContainsKey(record.Leaf.Contribution))
                {
                    statement = datanet.GetContribution(record.Leaf.Contribution, out ReadOnlyMemory<byte> signature);
                    consents.Add(record.Leaf.Contribution, statement.Consent);
                    contributions.Write(CanonicalJson.Serialize(new JsonObject
                    {
                        ["signature"] = Convert.ToHexStringLower(signature.Span),
                        ["statement"] = JsonNode.Parse(statement.Document.Span),
                    }));
                    contributions.Write(NewLine);
                }

                string split = options.Plan?.Assign(record.Record, record.Contributor).Name ?? "train";
                if (!files.TryGetValue(split, out DataFile? file))
                {
                    file = new DataFile(split, path);
                    files.Add(split, file);
                }

                file.Write(Line(record));
            }

            return ([.. files.Values.Select(file => file.Close())], consents);
        }
        finally
        {
            foreach (DataFile file in files.Values)
            {
                file.Dispose();
            }
        }
    }

    private static byte[] Line(CommittedRecord record)
    {
        JsonObject origin = new()
        {
            ["contribution"] = record.Leaf.Contribution.ToString(),
            ["contributor"] = record.Contributor.ToString(),
            ["leaf"] = record.LeafIndex,
            ["record"] = record.Leaf.Record.ToString(),
            ["unixMs"] = record.Leaf.RegisteredAtUnixMs,
        };
        if (record.Leaf.Branch != "main")
        {
            origin["branch"] = record.Leaf.Branch;
        }

        JsonObject line = JsonObject.Create(record.Record.Element)!;
        line[FolderNames.Member] = origin;
        return CanonicalJson.Serialize(line);
    }

    private static void WriteFile(string path, string name, ReadOnlySpan<byte> content)
    {
        using FileStream file = File.Create(System.IO.Path.Combine(path, name));
        file.Write(content);
    }

    private sealed class DataFile(string split, string folder) : IDisposable
    {
        private readonly string _name = $"{FolderNames.Data}/{split}.jsonl";
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly FileStream _stream = File.Create(System.IO.Path.Combine(folder, FolderNames.Data, split + ".jsonl"));
        private long _records;

        public void Write(byte[] line)
        {
            _stream.Write(line);
            _stream.Write(NewLine);
            _hash.AppendData(line);
            _hash.AppendData(NewLine);
            _records++;
        }

        public PublishedFile Close()
        {
            _stream.Flush();
            return new PublishedFile(_name, split, _stream.Length, _records, Convert.ToHexStringLower(_hash.GetHashAndReset()));
        }

        public void Dispose()
        {
            _stream.Dispose();
            _hash.Dispose();
        }
    }
}
