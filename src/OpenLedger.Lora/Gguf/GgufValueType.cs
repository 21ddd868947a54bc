namespace OpenLedger.Lora.Gguf;

/// <summary>Types of GGUF metadata values; the numbers are those of the format.</summary>
internal enum GgufValueType
{
    /// <summary><see cref="byte"/></summary>
    UInt8 = 0,

    /// <summary><see cref="sbyte"/></summary>
    Int8 = 1,

    /// <summary><see cref="ushort"/></summary>
    UInt16 = 2,

    /// <summary><see cref="short"/></summary>
    Int16 = 3,

    /// <summary><see cref="uint"/></summary>
    UInt32 = 4,

    /// <summary><see cref="int"/></summary>
    Int32 = 5,

    /// <summary><see cref="float"/></summary>
    Float32 = 6,

    /// <summary><see cref="bool"/>, one byte.</summary>
    Boolean = 7,

    /// <summary>UTF-8 text.</summary>
    Text = 8,

    /// <summary>Values of one type, arrays included.</summary>
    Array = 9,

    /// <summary><see cref="ulong"/></summary>
    UInt64 = 10,

    /// <summary><see cref="long"/></summary>
    Int64 = 11,

    /// <summary><see cref="double"/></summary>
    Float64 = 12,
}
