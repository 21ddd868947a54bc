namespace OpenLedger.Datanets.Formats;

/// <summary>The faults of Parquet and Arrow files.</summary>
internal static class ColumnarFault
{
    /// <summary>E_NOTIMPL: what both libraries throw for the parts of the format that they do not have.</summary>
    private const int NotImplemented = unchecked((int)0x80004001);

    public static DatanetException Invalid(string sourceName, string reason, Exception? cause = null) =>
        new(DatanetError.InvalidColumnarFile, $"{sourceName}: {reason}.", cause);

    public static DatanetException TooLarge(string sourceName, string what, long value, string limitName, long limit) =>
        new(DatanetError.LimitExceeded, FormattableString.Invariant($"{sourceName}: {what} is {value}, beyond {limitName} = {limit}."));

    /// <summary>
    /// Whether an exception that left Parquet.Net or Apache.Arrow is the library's way of saying "this file is damaged". Both libraries trust a
    /// file's numbers and let the first contradiction surface as whatever .NET throws there; this one list holds the families seen by reading
    /// their sources and by flipping bytes: argument and index errors of spans, broken casts and nulls of absent metadata, checked arithmetic,
    /// codecs (InvalidDataException, ZstdException), unknown encodings and types, bare Exception (Arrow), the libraries' own types.
    /// OutOfMemoryException, StackOverflow and cancellation are none of it: sizes and depths are checked before a library sees the file.
    /// </summary>
    public static bool IsOfLibrary(Exception exception) => exception
        is ArgumentException or IndexOutOfRangeException or InvalidOperationException or InvalidCastException or NullReferenceException
        or ArithmeticException or FormatException or KeyNotFoundException or NotSupportedException
        or InvalidDataException or EndOfStreamException or Parquet.ParquetException
        || exception.HResult == NotImplemented
        || exception.GetType() == typeof(Exception)
        || exception.GetType().FullName is "ZstdSharp.ZstdException" or "Parquet.Meta.Proto.ThriftProtocolException";
}
