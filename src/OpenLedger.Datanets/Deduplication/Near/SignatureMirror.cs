using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>The index of one datanet in memory, brought to the state of the store inside each transaction.</summary>
/// <remarks>
/// The store is the truth. Memory may be behind it (another process added records) or ahead of it (a transaction was rolled back after
/// memory had taken its records over). Both show in two look-ups: the item that memory has as the last one, and what follows it. An item
/// with the same stamp was written by the same transaction, and so were, or had been before, all items that memory has before it.
/// </remarks>
internal sealed class SignatureMirror
{
    private const int PageSize = 1000;

    private readonly string _datanetId;
    private readonly NearDuplicateIndexOptions _options;
    private readonly List<long> _positions = [];
    private readonly List<ulong> _stamps = []; // of the item at the same place; 0 when the record was erased
    private readonly HashSet<long> _toForget = [];
    private ulong _generation;
    private bool _isLoaded;
    private bool _isRegistered;

    public SignatureMirror(string datanetId, NearDuplicateIndexOptions options)
    {
        _datanetId = datanetId;
        _options = options;
        Index = new NearDuplicateIndex(options);
        Items = new SignatureItems(Index.Hasher.Layout, Index.Hasher.SignatureLength);
    }

    public NearDuplicateIndex Index { get; private set; }

    public SignatureItems Items { get; }

    private long Last => _positions.Count == 0 ? -1 : _positions[^1];

    /// <summary>Forgets a record as soon as the store shows that its erasure was kept.</summary>
    public void Forget(long position) => _toForget.Add(position);

    /// <summary>Makes memory equal to what the transaction sees.</summary>
    public void CatchUp(IItemReader reader)
    {
        DropWhatTheStoreLacks(reader);
        ForgetErased(reader);

        // The mark of the generation follows the last item, so that being up to date costs this one look-up.
        SignaturePage page = Items.ReadAfter(reader, _datanetId, Last, _positions.Count == 0 ? PageSize : 2);
        while (true)
        {
            foreach (SignatureItem item in page.Items)
            {
                Take(item);
            }

            if (page.IsEnd)
            {
                break;
            }

            page = Items.ReadAfter(reader, _datanetId, Last, PageSize);
        }

        bool isStale = _isLoaded && page.Generation != _generation;
        _generation = page.Generation;
        _isLoaded = true;
        if (isStale)
        {
            // Signatures were filled in before the last one; nothing but reading all again finds them.
            Reset();
            CatchUp(reader);
        }
    }

    /// <summary>Keeps the signature of the record that was just added to the store.</summary>
    public void Add(IItemWriter writer, long position, MinHashSignature signature)
    {
        // By each process, and again after a rollback: erasure must find every layout.
        if (!_isRegistered)
        {
            Items.Register(writer, _datanetId);
            _isRegistered = true;
        }

        SignatureItem item = new(position, NewStamp(), signature);
        Items.Put(writer, _datanetId, item);
        Take(item);
    }

    /// <summary>A number that no other transaction draws; never 0.</summary>
    public static ulong NewStamp()
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        return BinaryPrimitives.ReadUInt64LittleEndian(random) | 1;
    }

    private void Take(SignatureItem item)
    {
        _positions.Add(item.Position);
        _stamps.Add(item.Signature is null ? 0 : item.Stamp);
        if (item.Signature is not null)
        {
            Index.Add(item.Position, item.Signature);
        }
    }

    // What is dropped without need is read again right after.
    private void DropWhatTheStoreLacks(IItemReader reader)
    {
        while (_positions.Count > 0
            && (Items.Find(reader, _datanetId, Last) is not SignatureItem item || (item.Signature is null ? 0 : item.Stamp) != _stamps[^1]))
        {
            Index.Remove(Last);
            _positions.RemoveAt(_positions.Count - 1);
            _stamps.RemoveAt(_stamps.Count - 1);
            _isRegistered = false;
        }
    }

    private void ForgetErased(IItemReader reader)
    {
        foreach (long position in _toForget)
        {
            int place = _positions.BinarySearch(position);
            if (place >= 0 && Items.Find(reader, _datanetId, position) is { Signature: null })
            {
                Index.Remove(position);
                _stamps[place] = 0;
            }
        }

        _toForget.Clear();
    }

    private void Reset()
    {
        Index = new NearDuplicateIndex(_options);
        _positions.Clear();
        _stamps.Clear();
        _isRegistered = false;
    }
}
