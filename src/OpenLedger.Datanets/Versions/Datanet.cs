using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Versions;

/// <summary>A dataset that many people own: signed contributions go in, immutable versions with proofs come out.</summary>
/// <remarks>
/// <para>
/// Every change on every branch is a step of one log that only grows, and every step is a leaf of one transparency tree: any version is
/// provably a continuation of any earlier one. What a version holds follows from the steps before it. Only the payload of an erased record is
/// ever destroyed; its step remains.
/// </para>
/// <para>What is read back is checked against the version's root and the records' digests, so that a damaged or altered store is noticed.</para>
/// <para>Safe for concurrent use, also by several processes on one store.</para>
/// </remarks>
public sealed partial class Datanet
{
    private readonly IDatanetStore _store;
    private readonly IContributionVerifier _verifier;
    private readonly TimeProvider _timeProvider;
    private readonly int _maxContributionBytes;
    private readonly SubmissionGate[] _gates;
    private readonly RecordCipher _cipher;
    private readonly DatanetJournal _journal;
    private readonly DatanetLife _life = new();
    private readonly Lock _logGate = new(); // taken before the store's transaction, never inside one that did not take it
    private DatanetLog _log = new(); // the steps read so far; only grows, unless a transaction fails that it had read from

    private Datanet(StoredDatanet stored, DatanetSchema schema, DatanetOptions options)
    {
        Id = stored.Id;
        Owner = stored.Owner;
        Schema = schema;
        _store = options.Store;
        _verifier = options.Verifier;
        _timeProvider = options.TimeProvider;
        _maxContributionBytes = options.MaxContributionBytes;
        _gates = [.. options.Gates];
        _cipher = new RecordCipher(Id);
        _journal = new DatanetJournal(Id, _store, _timeProvider);
    }

    /// <summary>The datanet's id.</summary>
    public string Id { get; }

    /// <summary>Who created it; versions carry this account as their author unless another is named.</summary>
    public ContributorId Owner { get; }

    /// <summary>What its records look like.</summary>
    public DatanetSchema Schema { get; }

    /// <summary>Whether a text is a datanet id: 1 to 64 lower-case letters, digits and inner hyphens.</summary>
    public static bool IsValidId(string? id) => DatanetSlug.IsValid(id);

    /// <summary>Creates a datanet.</summary>
    /// <param name="id">See <see cref="IsValidId"/>.</param>
    /// <param name="owner">Who creates it; not the default value.</param>
    /// <param name="schema">What its records look like; fixed for its life.</param>
    /// <param name="options">Store, verifier, clock and limits.</param>
    /// <exception cref="ArgumentException">A parameter is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.DatanetExists"/>, or a fault of the store.</exception>
    public static Datanet Create(string id, ContributorId owner, DatanetSchema schema, DatanetOptions options) =>
        Add(id, owner, schema, options, acceptExisting: false);

    /// <summary>Opens a datanet, creating it when the store has none of that id.</summary>
    /// <param name="id">See <see cref="IsValidId"/>.</param>
    /// <param name="owner">Who creates it, or created it.</param>
    /// <param name="schema">What its records look like.</param>
    /// <param name="options">Store, verifier, clock and limits.</param>
    /// <exception cref="ArgumentException">A parameter is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.DatanetExists"/>: it is there with another owner or schema; or a fault of the store.
    /// </exception>
    public static Datanet OpenOrCreate(string id, ContributorId owner, DatanetSchema schema, DatanetOptions options) =>
        Add(id, owner, schema, options, acceptExisting: true);

    /// <summary>Opens a datanet.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="options">Store, verifier, clock and limits.</param>
    /// <exception cref="ArgumentException">A parameter is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.DatanetNotFound"/>, or a fault of the store.</exception>
    public static Datanet Open(string id, DatanetOptions options)
    {
        DatanetSlug.ThrowIfInvalid(id, nameof(id));
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        StoredDatanet stored = options.Store.Read(reader => reader.FindDatanet(id))
            ?? throw new DatanetException(DatanetError.DatanetNotFound, $"The store holds no datanet '{id}'; create it first.");
        return new Datanet(stored, ReadSchema(stored), options);
    }

    /// <summary>Finds a signed contribution, for example to check under which terms a record was given.</summary>
    /// <param name="digest">The contribution's digest, as a leaf names it.</param>
    /// <param name="signature">The contributor's signature over the digest.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.ContributionNotFound"/>, or a fault of the store.</exception>
    public ContributionStatement GetContribution(Sha256Digest digest, out ReadOnlyMemory<byte> signature)
    {
        StoredContribution stored = _store.Read(reader => reader.FindContribution(Id, digest))
            ?? throw new DatanetException(DatanetError.ContributionNotFound, $"The datanet '{Id}' holds no contribution {digest}.");
        signature = stored.Signature;
        try
        {
            ContributionStatement statement = ContributionStatement.Parse(stored.Statement.Span);
            return statement.Digest == digest ? statement : throw Damaged($"contribution {digest} has other content");
        }
        catch (DatanetException exception) when (exception.Error != DatanetError.StoreCorrupt)
        {
            throw Damaged($"contribution {digest} cannot be read", exception);
        }
    }

    private static Datanet Add(string id, ContributorId owner, DatanetSchema schema, DatanetOptions options, bool acceptExisting)
    {
        DatanetSlug.ThrowIfInvalid(id, nameof(id));
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (owner == default)
        {
            throw new ArgumentException("The default contributor id stands for nobody; name the owner's account.", nameof(owner));
        }

        StoredDatanet stored = options.Store.Write(writer =>
        {
            StoredDatanet? existing = writer.FindDatanet(id);
            if (existing is null)
            {
                StoredDatanet added = new(id, owner, schema.Document, FingerprintKeys.Create());
                writer.AddDatanet(added);
                return added;
            }

            if (acceptExisting && existing.Owner == owner && existing.Schema.Span.SequenceEqual(schema.Document.Span))
            {
                return existing;
            }

            throw new DatanetException(
                DatanetError.DatanetExists,
                acceptExisting
                    ? $"The store holds a datanet '{id}' with another owner or schema; choose another id."
                    : $"The store holds a datanet '{id}' already; open it, or choose another id.");
        });
        return new Datanet(stored, schema, options);
    }

    private static DatanetSchema ReadSchema(StoredDatanet stored)
    {
        try
        {
            return DatanetSchema.Parse(stored.Schema.Span);
        }
        catch (DatanetException exception)
        {
            throw new DatanetException(
                DatanetError.StoreCorrupt, $"The schema of the stored datanet '{stored.Id}' cannot be read: {exception.Message}", exception);
        }
    }

    private DatanetException Damaged(string what, Exception? cause = null) =>
        new(DatanetError.StoreCorrupt, $"The store of the datanet '{Id}' is damaged: {what}; restore it from a copy.", cause);
}
