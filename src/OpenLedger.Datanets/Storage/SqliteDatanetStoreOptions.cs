namespace OpenLedger.Datanets.Storage;

/// <summary>How a <see cref="SqliteDatanetStore"/> is opened.</summary>
public sealed record SqliteDatanetStoreOptions
{
    /// <summary>The file, created when absent; <see langword="null"/> keeps everything in memory until the store is disposed.</summary>
    public required string? Path { get; init; }

    /// <summary>How long to wait for another process that writes, in whole seconds.</summary>
    /// <value>Five seconds; 1 second to 1 hour.</value>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The size in bytes up to which the file may grow, not counting the write-ahead log; <see langword="null"/> for no limit.</summary>
    /// <value><see langword="null"/>; at least 1 MiB otherwise. A file that is larger already can be read, but not grow.</value>
    public long? MaxBytes { get; init; }

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (Path is not null && string.IsNullOrWhiteSpace(Path))
        {
            faults.Add($"{nameof(Path)} is empty; name a file, or use null for a store in memory.");
        }

        if (LockTimeout < TimeSpan.FromSeconds(1) || LockTimeout > TimeSpan.FromHours(1))
        {
            faults.Add($"{nameof(LockTimeout)} is {LockTimeout}; it must be from 1 second to 1 hour.");
        }

        if (MaxBytes < 1 << 20)
        {
            faults.Add($"{nameof(MaxBytes)} is {MaxBytes}; it must be at least {1 << 20}, or null for no limit.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
