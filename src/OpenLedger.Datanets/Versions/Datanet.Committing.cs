using System.Text.Json;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Versions;

// Versions: making them, and finding them again.
public sealed partial class Datanet
{
    private const int PageSize = 512;
    private const int LogPageSize = 8192; // enough for the tree to use several threads

    private readonly Dictionary<Sha256Digest, (string Licence, string[] Consent)> _terms = [];

    /// <summary>Makes a version of what <c>main</c> holds, written by <see cref="Owner"/>.</summary>
    /// <param name="message">Why, 1 to 10,000 characters, not only white space.</param>
    /// <returns>The new version.</returns>
    /// <exception cref="ArgumentException">The message is empty or too long.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.NothingToCommit"/>: no record was accepted since the last version; or a fault of the store.
    /// </exception>
    public DatanetVersion Commit(string message) => Commit(message, BranchName.Main, Owner);

    /// <summary>Makes a version of what a branch holds.</summary>
    /// <param name="message">Why, 1 to 10,000 characters, not only white space.</param>
    /// <param name="branch">A branch of the datanet.</param>
    /// <param name="author">Who commits; not the default value.</param>
    /// <returns>The new version.</returns>
    /// <exception cref="ArgumentException">A parameter is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.NothingToCommit"/>: the branch did not change since its last version; <see cref="DatanetError.BranchNotFound"/>;
    /// or a fault of the store.
    /// </exception>
    public DatanetVersion Commit(string message, string branch, ContributorId author)
    {
        ThrowIfIllegal(message, branch, author);
        return Change(writer => CommitInside(writer, message, branch, author, merged: null));
    }

    /// <summary>The number of the latest version on any branch; 0 while there is none.</summary>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public int LatestVersionNumber() => _store.Read(reader => reader.LatestVersion(Id));

    /// <summary>Reads a version.</summary>
    /// <param name="number">1 to <see cref="LatestVersionNumber"/>.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.VersionNotFound"/>, or a fault of the store.</exception>
    public DatanetVersion GetVersion(int number) => _store.Read(reader => ReadVersion(reader, number));

    /// <summary>Reads a version.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.VersionNotFound"/>, or a fault of the store.</exception>
    public DatanetVersion GetVersion(Sha256Digest id) => _store.Read(reader => reader.FindVersionNumber(Id, id) is int number and > 0
        ? ReadVersion(reader, number)
        : throw new DatanetException(DatanetError.VersionNotFound, $"The datanet '{Id}' has no version {id}."));

    /// <summary>Lists all versions, on any branch, in the order in which they were made.</summary>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public IReadOnlyList<DatanetVersion> Versions() =>
        _store.Read(reader => Enumerable.Range(1, reader.LatestVersion(Id)).Select(number => ReadVersion(reader, number)).ToArray());

    /// <summary>Lists the versions that were made on a branch, in order.</summary>
    /// <param name="branch">A branch of the datanet.</param>
    /// <exception cref="ArgumentException">The name is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.BranchNotFound"/>, or a fault of the store.</exception>
    public IReadOnlyList<DatanetVersion> Versions(string branch)
    {
        BranchName.ThrowIfInvalid(branch, nameof(branch));
        return _store.Read(reader =>
        {
            _ = new BranchView(this, reader, branch);
            List<DatanetVersion> versions = [];
            for (int number = reader.LatestVersion(Id, branch, int.MaxValue); number > 0; number = reader.LatestVersion(Id, branch, number))
            {
                versions.Add(ReadVersion(reader, number));
            }

            versions.Reverse();
            return versions;
        });
    }

    /// <summary>Reads the manifest of a version: its content in numbers.</summary>
    /// <param name="version">A version of this datanet.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.VersionNotFound"/>, or a fault of the store.</exception>
    public VersionManifest GetManifest(DatanetVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        StoredVersion? stored = _store.Read(reader => reader.FindVersion(Id, version.Number));
        if (stored is null || stored.Id != version.Id)
        {
            throw NotHere(version);
        }

        try
        {
            VersionManifest manifest = VersionManifest.Parse(stored.Manifest.Span);
            return manifest.Digest == version.Manifest ? manifest : throw Damaged($"the manifest of version {version.Number} has other content");
        }
        catch (DatanetException exception) when (exception.Error != DatanetError.StoreCorrupt)
        {
            throw Damaged($"the manifest of version {version.Number} cannot be read", exception);
        }
    }

    /// <summary>Runs a transaction that reads and extends the log; what was read from one that failed is forgotten.</summary>
    private TResult Change<TResult>(Func<IDatanetWriter, TResult> work)
    {
        lock (_logGate)
        {
            bool isKept = false;
            try
            {
                TResult result = _store.Write(work);
                isKept = true;
                return result;
            }
            finally
            {
                if (!isKept)
                {
                    _log = new DatanetLog();
                }
            }
        }
    }

    /// <summary>Adds a version inside a transaction that <see cref="Change"/> runs.</summary>
    private DatanetVersion CommitInside(IDatanetWriter writer, string message, string branch, ContributorId author, DatanetVersion? merged)
    {
        long size = new BranchView(this, writer, branch).Size;
        int latest = writer.LatestVersion(Id);
        int latestOfBranch = writer.LatestVersion(Id, branch, int.MaxValue);
        DatanetVersion? parent = ReadHead(writer, branch, size);
        long changed = Math.Max(writer.LastStep(Id, branch), writer.LastStep(Id, ""));
        if (merged is null && (latestOfBranch == 0 ? writer.LastStep(Id, branch) < 0 : changed < parent!.TreeSize))
        {
            throw new DatanetException(
                DatanetError.NothingToCommit,
                $"The branch '{branch}' of '{Id}' has no new record since {(parent is null ? "it was created" : $"version {parent.Number}")}; submit some first.");
        }

        GrowLog(writer, size);
        if (parent is not null)
        {
            ThrowIfRootDiffers(parent);
        }

        BranchContent content = _log.ContentAt(branch, size);
        VersionManifest manifest = Summarize(writer, content);
        DatanetVersion version = new(
            Id,
            latest + 1,
            branch,
            ((DatanetVersion?[])[parent, merged]).OfType<DatanetVersion>().Select(known => known.Id),
            _log.Tree.RootAt(size),
            size,
            content.Count,
            Schema.Digest,
            manifest.Digest,
            author,
            DateTimeOffset.FromUnixTimeMilliseconds(_timeProvider.GetUtcNow().ToUnixTimeMilliseconds()),
            message);
        writer.AddVersion(Id, new StoredVersion(version.Number, version.Id, branch, version.Header, manifest.Document));
        return version;
    }

    /// <summary>The latest version of a branch at some size of the log, or of the branch it was forked from; <see langword="null"/> when there is none.</summary>
    private DatanetVersion? ReadHead(IDatanetReader reader, string branch, long size)
    {
        IReadOnlyList<DatanetStep> forks = reader.ReadForks(Id);
        while (true)
        {
            for (int number = reader.LatestVersion(Id, branch, int.MaxValue); number > 0; number = reader.LatestVersion(Id, branch, number))
            {
                DatanetVersion version = ReadVersion(reader, number);
                if (version.TreeSize <= size)
                {
                    return version;
                }
            }

            DatanetStep? fork = forks.LastOrDefault(step => step.Branch == branch && step.Position < size);
            if (fork is null)
            {
                return null;
            }

            (branch, size) = (fork.Source, Math.Min(fork.Target, fork.Position));
        }
    }

    private VersionManifest Summarize(IDatanetReader reader, BranchContent content)
    {
        long[] records = new long[_log.Contributions.Count];
        foreach (long record in content.Except(new BranchContent()))
        {
            records[_log.ContributionOf(record)]++;
        }

        HashSet<ContributorId> contributors = [];
        Dictionary<string, long> licences = new(StringComparer.Ordinal);
        Dictionary<string, long> consent = new(StringComparer.Ordinal);
        for (int i = 0; i < records.Length; i++)
        {
            if (records[i] > 0)
            {
                (Sha256Digest digest, ContributorId contributor) = _log.Contributions[i];
                contributors.Add(contributor);
                (string licence, string[] uses) = ReadTerms(reader, digest);
                licences[licence] = licences.GetValueOrDefault(licence) + records[i];
                foreach (string use in uses)
                {
                    consent[use] = consent.GetValueOrDefault(use) + records[i];
                }
            }
        }

        long entries = reader.CountEntries(Id);
        Sha256Digest head = entries == 0 ? default : Sha256Digest.Of(reader.ReadEntries(Id, entries - 1, 1)[0].Document.Span);
        return new VersionManifest(content.Count, contributors.Count, licences, consent, _log.Erasures.Count, entries, head);
    }

    /// <summary>Reads licence and consent of a stored statement, whose members come in order: those of interest before the long list of records.</summary>
    private (string Licence, string[] Consent) ReadTerms(IDatanetReader reader, Sha256Digest contribution)
    {
        if (_terms.TryGetValue(contribution, out (string, string[]) known))
        {
            return known;
        }

        byte[] statement = reader.FindContribution(Id, contribution)?.Statement.ToArray() ?? throw Damaged($"contribution {contribution} is missing");
        if (Sha256Digest.Of(statement) != contribution)
        {
            throw Damaged($"contribution {contribution} has other content");
        }

        string? licence = null;
        List<string> consent = [];
        Utf8JsonReader json = new(statement);
        json.Read();
        while (licence is null && json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string? name = json.GetString();
            json.Read();
            if (name == "licence")
            {
                licence = json.GetString();
            }
            else if (name == "consent")
            {
                while (json.Read() && json.TokenType == JsonTokenType.String)
                {
                    consent.Add(json.GetString()!);
                }
            }
            else
            {
                json.Skip();
            }
        }

        (string, string[]) terms = (licence ?? throw Damaged($"contribution {contribution} names no licence"), [.. consent]);
        _terms.Add(contribution, terms);
        return terms;
    }

    /// <summary>Reads a header and checks that it is this datanet's, has that number and follows its parents.</summary>
    private DatanetVersion ReadVersion(IDatanetReader reader, int number)
    {
        DatanetVersion version = ReadHeader(reader, number)
            ?? throw new DatanetException(
                DatanetError.VersionNotFound, $"The datanet '{Id}' has no version {number}; the latest is {reader.LatestVersion(Id)}.");
        foreach (Sha256Digest id in version.Parents)
        {
            int parentNumber = reader.FindVersionNumber(Id, id);
            DatanetVersion parent = (parentNumber == 0 ? null : ReadHeader(reader, parentNumber)) ?? throw Damaged($"version {id} is missing");
            if (parent.Id != id || parent.Number >= number || parent.TreeSize > version.TreeSize)
            {
                throw Damaged($"version {number} does not follow version {parentNumber}");
            }
        }

        return version;
    }

    private DatanetVersion? ReadHeader(IDatanetReader reader, int number)
    {
        StoredVersion? stored = reader.FindVersion(Id, number);
        if (stored is null)
        {
            return null;
        }

        DatanetVersion version;
        try
        {
            version = DatanetVersion.Parse(stored.Header.Span);
        }
        catch (DatanetException exception)
        {
            throw Damaged($"version {number} cannot be read", exception);
        }

        return version.DatanetId == Id
            && version.Number == number
            && version.Id == stored.Id
            && version.Branch == stored.Branch
            && version.Schema == Schema.Digest
            ? version
            : throw Damaged($"version {number} belongs elsewhere");
    }

    /// <summary>Makes sure that the log covers a version of this datanet and that its root is the version's.</summary>
    private void PrepareLog(DatanetVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        lock (_logGate)
        {
            _store.Read(reader =>
            {
                if (ReadVersion(reader, version.Number).Id != version.Id)
                {
                    throw NotHere(version);
                }

                GrowLog(reader, version.TreeSize);
                return true;
            });
            ThrowIfRootDiffers(version);
        }
    }

    private void GrowLog(IDatanetReader reader, long size)
    {
        while (_log.Size < size)
        {
            IReadOnlyList<DatanetStep> page = reader.ReadSteps(Id, _log.Size, (int)Math.Min(LogPageSize, size - _log.Size));
            if (page.Count == 0)
            {
                throw Damaged($"step {_log.Size} is missing");
            }

            foreach (DatanetStep step in page)
            {
                if (step.Kind is not (StepKind.Add or StepKind.Fork) && !IsRecord(step, page))
                {
                    throw Damaged($"step {step.Position} names step {step.Target}, which added no record");
                }
            }

            _log.Append(page);
        }
    }

    /// <summary>Whether the step that another one names added a record, be it known to the log or earlier on the page that is about to be.</summary>
    private bool IsRecord(DatanetStep step, IReadOnlyList<DatanetStep> page) => step.Target < _log.Size
        ? _log.IsRecord(step.Target)
        : step.Target < step.Position && page[(int)(step.Target - _log.Size)].Kind == StepKind.Add;

    private void ThrowIfRootDiffers(DatanetVersion version)
    {
        if (_log.Size < version.TreeSize || _log.Tree.RootAt(version.TreeSize) != version.Root)
        {
            throw Damaged($"the steps of version {version.Number} contradict its root");
        }
    }

    private DatanetException NotHere(DatanetVersion version) => new(
        DatanetError.VersionNotFound, $"Version {version.Id} is not version {version.Number} of the datanet '{Id}' in this store.");

    private static void ThrowIfIllegal(string message, string branch, ContributorId author)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(message);
        BranchName.ThrowIfInvalid(branch, nameof(branch));
        if (message.Length > DatanetVersion.MaxMessageLength)
        {
            throw new ArgumentException(
                $"The message has {message.Length} characters; at most {DatanetVersion.MaxMessageLength} are allowed.", nameof(message));
        }

        ThrowIfNobody(author, nameof(author));
    }

    private static void ThrowIfNobody(ContributorId who, string parameterName)
    {
        if (who == default)
        {
            throw new ArgumentException("The default contributor id stands for nobody; name an account.", parameterName);
        }
    }
}
