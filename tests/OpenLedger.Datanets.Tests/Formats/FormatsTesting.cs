using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Formats;

namespace OpenLedger.Datanets.Tests.Formats;

/// <summary>Short ways to make streams and to compare rows.</summary>
internal static class FormatsTesting
{
    public static MemoryStream StreamOf(string text) => new(Encoding.UTF8.GetBytes(text));

    public static JsonElement Json(string text) => JsonElement.Parse(text);

    public static string[] Texts(IEnumerable<SourceRow> rows) => [.. rows.Select(row => Encoding.UTF8.GetString(row.Utf8.Span))];

    /// <summary>The rows in canonical form: what records compare.</summary>
    public static string[] Canonical(IEnumerable<JsonElement> rows) =>
        [.. rows.Select(row => Encoding.UTF8.GetString(CanonicalJson.Serialize(row)))];

    public static async Task<List<SourceRow>> ToListAsync(IAsyncEnumerable<SourceRow> rows)
    {
        List<SourceRow> list = [];
        await foreach (SourceRow row in rows)
        {
            list.Add(row);
        }

        return list;
    }

    public static async Task<byte[]> WriteAsync(Func<Stream, IRowWriter> create, IEnumerable<JsonElement> rows)
    {
        using MemoryStream stream = new();
        await using IRowWriter writer = create(stream);
        await writer.WriteAllAsync(rows, TestContext.Current.CancellationToken);
        return stream.ToArray();
    }

    /// <summary>Flips bytes of a file, cuts it short or both.</summary>
    public static byte[] Damage(byte[] valid, Random random)
    {
        byte[] bytes = random.Next(4) == 0 ? valid[..random.Next(valid.Length + 1)] : [.. valid];
        for (int flips = 1 + random.Next(6); flips > 0 && bytes.Length > 0; flips--)
        {
            bytes[random.Next(bytes.Length)] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => 0xFF,
                _ => (byte)(bytes[random.Next(bytes.Length)] ^ (1 << random.Next(8))),
            };
        }

        return bytes;
    }
}
