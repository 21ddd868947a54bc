using OpenLedger.Chain.Evm;

namespace OpenLedger.Hosting.Tests;

internal static class Accounts
{
    public static EthereumAccount Operator { get; } = EthereumAccount.FromSeed("operator"u8);

    public static EthereumAccount Owner { get; } = EthereumAccount.FromSeed("owner"u8);

    public static EthereumAccount Mira { get; } = EthereumAccount.FromSeed("mira"u8);

    public static EthereumAccount Oskar { get; } = EthereumAccount.FromSeed("oskar"u8);
}
