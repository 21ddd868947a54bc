namespace OpenLedger.Datanets.Privacy;

/// <summary>What the words around a place say about it.</summary>
public enum ContextKind
{
    /// <summary>No known word is near.</summary>
    Silent = 0,

    /// <summary>The nearest known word speaks for the entity.</summary>
    Supporting = 1,

    /// <summary>The nearest known word speaks against it, for example <c>order</c> before a number.</summary>
    Contradicting = 2,
}
