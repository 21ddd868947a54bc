namespace OpenLedger.Datanets.Storage;

/// <summary>Keeps datanets. Work is handed in as a function, so that a transaction can neither leak nor outlive its caller.</summary>
/// <remarks>
/// Implementations must be safe for concurrent use, also by several processes when they share storage, and report every fault of the
/// storage as a <see cref="DatanetException"/>. Work must not call the store again from inside.
/// </remarks>
public interface IDatanetStore : IDisposable
{
    /// <summary>Runs <paramref name="work"/> on one consistent snapshot.</summary>
    /// <param name="work">Reads; what it returns must not depend on the reader any more.</param>
    /// <returns>What <paramref name="work"/> returned.</returns>
    TResult Read<TResult>(Func<IDatanetReader, TResult> work);

    /// <summary>Runs <paramref name="work"/> as the only writer: all of it is kept durably when it returns, nothing when it throws.</summary>
    /// <param name="work">Reads and writes; it sees its own writes.</param>
    /// <returns>What <paramref name="work"/> returned.</returns>
    TResult Write<TResult>(Func<IDatanetWriter, TResult> work);

    /// <summary>
    /// Removes what destroyed payloads and keys left behind outside the tables, such as a write-ahead log; called after every erasure.
    /// </summary>
    /// <returns><see langword="false"/> when another reader still needs the old state; the next call, or the next opening, does it.</returns>
    bool Purge();
}
