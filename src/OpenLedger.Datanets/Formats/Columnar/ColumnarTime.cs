using System.Globalization;

namespace OpenLedger.Datanets.Formats;

/// <summary>Dates and times of columnar files as ISO 8601 text.</summary>
internal static class ColumnarTime
{
    private static readonly long EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static string Date(long daysSinceEpoch)
    {
        long day = daysSinceEpoch is > -1_000_000 and < 4_000_000 ? daysSinceEpoch + EpochDay : -1;
        return day >= DateOnly.MinValue.DayNumber && day <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : throw new FormatException("a date is outside of the years 1 to 9999");
    }

    /// <summary>A time of day.</summary>
    /// <param name="value">Units since midnight.</param>
    /// <param name="unit">0 seconds, 1 milli-, 2 micro-, 3 nanoseconds.</param>
    public static string Time(long value, int unit)
    {
        long ticks = Ticks(value, unit);
        return ticks is >= 0 and < TimeSpan.TicksPerDay
            ? new TimeOnly(ticks).ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)
            : throw new FormatException("a time of day is outside of the day");
    }

    /// <summary>A point in time; nanoseconds are cut to 100.</summary>
    /// <param name="value">Units since 1970.</param>
    /// <param name="unit">0 seconds, 1 milli-, 2 micro-, 3 nanoseconds.</param>
    /// <param name="isUtc">Whether the value is UTC rather than local time of nowhere.</param>
    public static string Timestamp(long value, int unit, bool isUtc)
    {
        long ticks = Ticks(value, unit);
        if (ticks < -DateTime.UnixEpoch.Ticks || ticks > DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks)
        {
            throw new FormatException("a timestamp is outside of the years 1 to 9999");
        }

        DateTime time = new(DateTime.UnixEpoch.Ticks + ticks, isUtc ? DateTimeKind.Utc : DateTimeKind.Unspecified);
        return time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);
    }

    private static long Ticks(long value, int unit)
    {
        long perUnit = unit switch { 0 => TimeSpan.TicksPerSecond, 1 => TimeSpan.TicksPerMillisecond, 2 => TimeSpan.TicksPerMicrosecond, _ => 0 };
        if (perUnit == 0)
        {
            return value / 100 - (value % 100 < 0 ? 1 : 0);
        }

        return Math.Abs((decimal)value * perUnit) <= long.MaxValue ? value * perUnit : long.MaxValue;
    }
}
