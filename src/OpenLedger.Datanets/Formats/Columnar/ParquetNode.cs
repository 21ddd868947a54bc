namespace OpenLedger.Datanets.Formats;

/// <summary>The physical types of parquet.thrift; INT96 is left out because nothing but old timestamps uses it.</summary>
internal enum ParquetType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedLengthByteArray = 7,
}

/// <summary>The codecs of parquet.thrift that are read; LZO and LZ4 have no decoder here that is safe on hostile bytes.</summary>
internal enum ParquetCodec
{
    None = 0,
    Snappy = 1,
    Gzip = 2,
    Brotli = 4,
    Zstandard = 6,
}

/// <summary>What the physical values stand for.</summary>
internal enum ParquetMeaning
{
    Plain,
    Text,
    List,
    Map,
    Decimal,
    Date,
    Time,
    Timestamp,
    Uuid,
    Half,
    Interval,
}

/// <summary>One element of the schema.</summary>
internal sealed class ParquetNode
{
    public ParquetType? Type { get; set; }

    public int TypeLength { get; set; }

    /// <summary>0 required, 1 optional, 2 repeated.</summary>
    public int Repetition { get; set; }

    public string Name { get; set; } = "";

    public int ChildCount { get; set; }

    public int Scale { get; set; }

    public bool IsUtc { get; set; } = true;

    public bool IsUnsigned { get; set; }

    /// <summary>1 milli-, 2 micro-, 3 nanoseconds.</summary>
    public int Unit { get; set; } = 2;

    public ParquetMeaning Meaning { get; private set; }

    public List<ParquetNode> Children { get; } = [];

    public void SetConverted(int value)
    {
        Meaning = value switch
        {
            0 or 4 => ParquetMeaning.Text, // UTF8, ENUM
            1 or 2 => ParquetMeaning.Map,
            3 => ParquetMeaning.List,
            5 => ParquetMeaning.Decimal,
            6 => ParquetMeaning.Date,
            7 or 8 => ParquetMeaning.Time,
            9 or 10 => ParquetMeaning.Timestamp,
            19 => ParquetMeaning.Text, // JSON is text of the row, not a part of it
            21 => ParquetMeaning.Interval,
            _ => ParquetMeaning.Plain,
        };
        Unit = value is 7 or 9 ? 1 : 2;
        IsUnsigned = value is 11 or 12 or 13 or 14;
    }

    public void SetLogical(int variant) => Meaning = variant switch
    {
        1 or 4 or 12 => ParquetMeaning.Text,
        2 => ParquetMeaning.Map,
        3 => ParquetMeaning.List,
        5 => ParquetMeaning.Decimal,
        6 => ParquetMeaning.Date,
        7 => ParquetMeaning.Time,
        8 => ParquetMeaning.Timestamp,
        14 => ParquetMeaning.Uuid,
        15 => ParquetMeaning.Half,
        _ => Meaning,
    };
}
