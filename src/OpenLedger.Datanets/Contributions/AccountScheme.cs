namespace OpenLedger.Datanets.Contributions;

/// <summary>Says how the 20 bytes of a <see cref="ContributorId"/> are derived and how its signatures are checked.</summary>
public enum AccountScheme : byte
{
    /// <summary>An Ethereum account: the last 20 bytes of Keccak-256 of a secp256k1 public key.</summary>
    Secp256k1 = 1,
}
