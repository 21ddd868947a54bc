using System.Globalization;
using System.Text.Json;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Journal;

/// <summary>Reads the body of an event for a projection; a malformed member is <see cref="DatanetError.StoreCorrupt"/> with its path.</summary>
internal readonly struct EventBody
{
    private readonly JsonElement _element;
    private readonly DocumentObject _members;
    private readonly DatanetError _error;

    public EventBody(JournalEvent journalEvent)
        : this(journalEvent.Body, string.Create(CultureInfo.InvariantCulture, $"event {journalEvent.Sequence} ({journalEvent.Kind})"), DatanetError.StoreCorrupt)
    {
    }

    public EventBody(JsonElement element, string path, DatanetError error)
    {
        _element = element;
        _error = error;
        _members = new DocumentObject(element, path, error);
    }

    public bool Has(string name) => _element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string name) => _members.Text(name);

    public string? OptionalText(string name) => Has(name) ? Text(name) : null;

    public long Int64(string name) => _members.Int64(name);

    public int Int32(string name) => _members.Int32(name);

    public bool Boolean(string name) => _members.Boolean(name);

    public IEnumerable<string> Texts(string name) => _members.Texts(name);

    public void AllowOnly(params ReadOnlySpan<string> names) => _members.AllowOnly(names);

    public EventBody Object(string name) =>
        Has(name) ? new EventBody(_element.GetProperty(name), name, _error) : throw Fault(name, "is missing");

    public JsonElement Element(string name) => Has(name) ? _element.GetProperty(name) : throw Fault(name, "is missing");

    public Sha256Digest Digest(string name) => _members.Digest(name);

    public RecordDigest Record(string name) => new(_members.Digest(name));

    public ContributorId Contributor(string name) =>
        ContributorId.TryParse(Text(name), null, out ContributorId id) ? id : throw Fault(name, "is not a contributor id");

    /// <summary>Reads an amount, which is text because a JSON number would be rounded.</summary>
    public UInt128 Amount(string name) =>
        UInt128.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 amount)
            ? amount
            : throw Fault(name, "is not an amount");

    public DateTimeOffset Time(string name)
    {
        long milliseconds = Int64(name);
        return milliseconds is >= 0 and <= 253_402_300_799_999 // the last millisecond of the year 9999
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw Fault(name, "is not a time in milliseconds since 1970");
    }

    public TEnum Name<TEnum>(string name)
        where TEnum : struct, Enum =>
        EventName<TEnum>.TryParse(Text(name), out TEnum value) ? value : throw Fault(name, $"is not one of {EventName<TEnum>.All}");

    public DatanetException Fault(string name, string problem) => _members.Fault(name, problem);
}
