namespace OpenLedger.Datanets.Canonical;

/// <summary>How the bytes behind a <see cref="ContentId"/> are to be read; the values are those of the multicodec table.</summary>
public enum ContentCodec
{
    /// <summary>Bytes without a format.</summary>
    Raw = 0x55,

    /// <summary>JSON text.</summary>
    Json = 0x0200,
}
