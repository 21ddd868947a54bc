namespace OpenLedger.Datanets.Access;

/// <summary>Whether a grant allows a use. Immutable.</summary>
/// <param name="Denial">Why not, or <see langword="null"/> when it is allowed.</param>
/// <param name="Message">One line for people; empty when it is allowed.</param>
/// <param name="Grant">The grant, where the token could be read. When the use is denied, it says nothing that can be trusted.</param>
public sealed record AccessVerdict(AccessDenial? Denial, string Message, AccessGrant? Grant)
{
    /// <summary>Whether the use is allowed.</summary>
    public bool IsAllowed => Denial is null;

    /// <summary>Returns the grant, or throws.</summary>
    /// <exception cref="DatanetException"><see cref="DatanetError.AccessDenied"/> with the denial.</exception>
    public AccessGrant GetGrant() => Denial is AccessDenial denial
        ? throw new DatanetException(DatanetError.AccessDenied, Message) { Denial = denial }
        : Grant!;
}
