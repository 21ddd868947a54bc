namespace OpenLedger.Datanets.Access;

/// <summary>The permission under which a program reads a datanet: asked when it starts, and again before every epoch.</summary>
public interface IAccessSession
{
    /// <summary>Checks and counts the start of the run.</summary>
    /// <returns>What is allowed: the reader applies its scope.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.AccessDenied"/>; <see cref="DatanetException.Denial"/> says why.</exception>
    AccessGrant CheckStart();

    /// <summary>Checks and counts an epoch before it is read. Checking the same epoch again counts nothing.</summary>
    /// <param name="epoch">0-based.</param>
    /// <param name="records">How many records the epoch reads, at least 0.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.AccessDenied"/>; <see cref="DatanetException.Denial"/> says why.</exception>
    void CheckEpoch(int epoch, long records);
}
