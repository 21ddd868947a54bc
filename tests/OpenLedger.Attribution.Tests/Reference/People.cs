using System.Buffers.Binary;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Attribution.Tests.Reference;

internal static class People
{
    /// <summary>A contributor whose account ends in the number; ids order as the numbers do.</summary>
    public static ContributorId Contributor(int number)
    {
        byte[] account = new byte[ContributorId.AccountLength];
        BinaryPrimitives.WriteInt32BigEndian(account.AsSpan(16), number);
        return new ContributorId(AccountScheme.Secp256k1, account);
    }
}
