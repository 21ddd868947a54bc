using Npgsql;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.PostgreSql;

/// <summary>The columns of the current row, each checked: a table is input from outside.</summary>
internal readonly struct PostgreSqlRow(NpgsqlDataReader reader, string name)
{
    public bool IsNull(int column) => reader.IsDBNull(column);

    public long Integer(int column) => Value<long>(column, "integer");

    public string Text(int column) => Value<string>(column, "text");

    public byte[] Blob(int column) => Value<byte[]>(column, "bytes");

    public Sha256Digest Digest(int column) => Blob(column) is { Length: Sha256Digest.Length } digest
        ? new Sha256Digest(digest)
        : throw Corrupt($"column {reader.GetName(column)} holds no digest");

    public ContributorId Contributor(int column) => ContributorId.TryParse(Text(column), null, out ContributorId id)
        ? id
        : throw Corrupt($"column {reader.GetName(column)} holds no account");

    public DatanetException Corrupt(string what) => Damaged(name, what);

    public static DatanetException Damaged(string name, string what) =>
        new(DatanetError.StoreCorrupt, $"{name} is damaged: {what}; restore it from a backup.");

    private T Value<T>(int column, string kind)
    {
        try
        {
            return reader.GetFieldValue<T>(column);
        }
        catch (InvalidCastException)
        {
            throw Corrupt($"column {reader.GetName(column)} holds no {kind}");
        }
    }
}
