using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace OpenLedger.Datanets.PostgreSql;

/// <summary>The tables of a store, their creation, and the check that a schema has exactly these.</summary>
internal static class PostgreSqlSchema
{
    public const string Application = "openledger-datanets";
    private const int FormatVersion = 1;
    private const int LeastServer = 130000; // pg_current_xact_id
    private const string MigrationTable = "store_migration";

    // Bytes compare bytewise in PostgreSQL; text does so only under the collation "C".
    private const string Int8 = "bigint NOT NULL";
    private const string Bytes = "bytea NOT NULL";
    private const string Text = "text COLLATE \"C\" NOT NULL";

    private static readonly (string Name, (string Column, string Type)[] Columns, string Key)[] Tables =
    [
        (MigrationTable, [("format", "integer NOT NULL"), ("application", Text), ("applied_at", "timestamp with time zone NOT NULL")], "format"),
        ("datanet", [("key", Int8), ("id", Text), ("owner", Text), ("schema", Bytes)], "key"),
        ("branch_end", [("datanet", Int8), ("branch", Text), ("position", Int8)], "datanet, branch"),
        ("contribution", [("datanet", Int8), ("digest", Bytes), ("contributor", Text), ("statement", Bytes), ("signature", Bytes)], "datanet, digest"),
        // target: the position of the record, or the size of a fork; replacement: of a removed record; source: the branch that a fork starts from.
        ("step",
            [
                ("datanet", Int8), ("position", Int8), ("kind", Int8), ("branch", Text), ("target", Int8), ("replacement", "bigint"),
                ("source", "text COLLATE \"C\""), ("at_ms", Int8), ("digest", "bytea"), ("contribution", "bytea"),
            ],
            "datanet, position"),
        ("payload", [("datanet", Int8), ("position", Int8), ("content", Bytes)], "datanet, position"),
        // Keys have a table of their own: small enough to be rewritten after an erasure, and to be backed up apart from the rest.
        ("secret", [("datanet", Int8), ("position", Int8), ("secret", Bytes)], "datanet, position"),
        ("fingerprint", [("datanet", Int8), ("value", Int8), ("position", Int8)], "datanet, value, position"),
        ("fingerprint_key", [("datanet", Int8), ("bucket", Int8), ("secret", Bytes)], "datanet, bucket"),
        ("version", [("datanet", Int8), ("number", Int8), ("id", Bytes), ("branch", Text), ("header", Bytes), ("manifest", Bytes)], "datanet, number"),
        ("journal", [("datanet", Int8), ("sequence", Int8), ("document", Bytes)], "datanet, sequence"),
        ("item", [("datanet", Int8), ("collection", Text), ("key", Bytes), ("value", Bytes)], "datanet, collection, key"),
        // Tables whose files still hold what was destroyed; the generation tells a purge whether more was destroyed meanwhile.
        ("pending_purge", [("name", Text), ("generation", Int8)], "name"),
    ];

    private static readonly (string Name, string Definition)[] Indexes =
    [
        ("datanet_id", "UNIQUE INDEX datanet_id ON {0}datanet (id)"),
        ("version_id", "UNIQUE INDEX version_id ON {0}version (datanet, id)"),
        ("version_branch", "INDEX version_branch ON {0}version (datanet, branch, number)"),
        ("step_record", "INDEX step_record ON {0}step (datanet, digest, position) WHERE kind = 1"),
        ("step_change", "INDEX step_change ON {0}step (datanet, branch, target, position) WHERE kind >= 2 AND kind <= 4"),
        ("step_fork", "INDEX step_fork ON {0}step (datanet, position) WHERE kind = 5"),
    ];

    /// <summary>The number of the advisory lock that makes writers of one schema wait for each other.</summary>
    public static long LockOf(string schema) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes($"{Application}:{schema}")));

    /// <summary>Creates the tables in an empty schema, or checks them; inside a transaction that holds the lock.</summary>
    public static bool Prepare(NpgsqlConnection connection, PostgreSqlPlace place)
    {
        (string schema, string name) = (place.Schema, place.Name);
        CheckServer(connection, name);
        const string Relations = "SELECT relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1";
        if (Names(connection, Relations, schema).Count == 0)
        {
            Create(connection, schema);
        }

        Check(connection, schema, name);
        return true;
    }

    private static void CheckServer(NpgsqlConnection connection, string name)
    {
        int version = int.Parse(Names(connection, "SELECT pg_catalog.current_setting('server_version_num')")[0], CultureInfo.InvariantCulture);
        string encoding = Names(connection, "SELECT pg_catalog.current_setting('server_encoding')")[0];
        if (version < LeastServer || encoding != "UTF8")
        {
            throw new DatanetException(
                DatanetError.StoreUnavailable, $"{name} is on PostgreSQL {version / 10_000} with the encoding {encoding}; at least 13 and UTF8 are needed.");
        }
    }

    private static void Create(NpgsqlConnection connection, string schema)
    {
        string prefix = $"\"{schema}\".";
        if (Names(connection, "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname = $1", schema).Count == 0)
        {
            Execute(connection, $"CREATE SCHEMA \"{schema}\"");
        }

        foreach ((string table, (string Column, string Type)[] columns, string key) in Tables)
        {
            string list = string.Join(", ", columns.Select(column => $"{column.Column} {column.Type}"));
            Execute(connection, $"CREATE TABLE {prefix}{table} ({list}, PRIMARY KEY ({key}))");
        }

        foreach ((_, string definition) in Indexes)
        {
            Execute(connection, "CREATE " + definition.Replace("{0}", prefix, StringComparison.Ordinal));
        }

        Execute(connection, $"INSERT INTO {prefix}{MigrationTable} VALUES ({FormatVersion}, '{Application}', pg_catalog.now())");
    }

    private static void Check(NpgsqlConnection connection, string schema, string name)
    {
        List<string> found = Columns(connection, schema);
        string[] expected = [.. Expected()];
        string[] marker = [.. expected.Where(IsMarker)];
        if (!found.Where(IsMarker).SequenceEqual(marker)
            || Names(connection, $"SELECT application FROM \"{schema}\".{MigrationTable} WHERE application <> $1 LIMIT 1", Application).Count > 0)
        {
            throw new DatanetException(DatanetError.NotADatanetStore, $"{name} holds tables of another program; choose another Schema.");
        }

        int format = int.Parse(
            Names(connection, $"SELECT coalesce(max(format), 0)::text FROM \"{schema}\".{MigrationTable}")[0], CultureInfo.InvariantCulture);
        if (format > FormatVersion)
        {
            throw new DatanetException(
                DatanetError.NewerStoreFormat, $"{name} has store format {format}; this version of the package reads up to {FormatVersion}. Update the package.");
        }

        if (format != FormatVersion || !found.SequenceEqual(expected))
        {
            string fault = found.Except(expected).Concat(expected.Except(found)).FirstOrDefault() ?? $"format {format}";
            throw new DatanetException(
                DatanetError.StoreCorrupt, $"{name} does not have the tables of store format {FormatVersion} (see '{fault}'); restore it from a backup.");
        }

        static bool IsMarker(string line) => line.StartsWith(MigrationTable + ".", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Expected()
    {
        IEnumerable<string> columns = Tables.SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Column} {column.Type}"));
        IEnumerable<string> indexes = Indexes.Select(index => index.Name).Concat(Tables.Select(table => table.Name + "_pkey")).Select(index => $"index {index}");
        return columns.Concat(indexes).Order(StringComparer.Ordinal);
    }

    private static List<string> Columns(NpgsqlConnection connection, string schema)
    {
        List<string> found = Names(
            connection,
            "SELECT c.relname || '.' || a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod) "
            + "|| CASE WHEN l.collname IS NULL THEN '' ELSE ' COLLATE \"' || l.collname || '\"' END || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END "
            + "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
            + "LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation "
            + "WHERE n.nspname = $1 AND c.relkind NOT IN ('i', 'I') AND a.attnum > 0 AND NOT a.attisdropped",
            schema);
        found.AddRange(Names(
            connection,
            "SELECT 'index ' || c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
            + "JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid WHERE n.nspname = $1 AND i.indisvalid",
            schema));
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static List<string> Names(NpgsqlConnection connection, string sql, string? parameter = null)
    {
        List<string> names = [];
        using NpgsqlCommand command = new(sql, connection);
        if (parameter is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        }

        using NpgsqlDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }
}
