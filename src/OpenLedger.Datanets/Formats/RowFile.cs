namespace OpenLedger.Datanets.Formats;

/// <summary>A file of rows that <see cref="RowFiles.List"/> found in a folder.</summary>
public sealed record RowFile
{
    internal RowFile(string path, string relativePath, RowFileFormat format, string split, int? shard, int? shardCount)
    {
        Path = path;
        RelativePath = relativePath;
        Format = format;
        Split = split;
        Shard = shard;
        ShardCount = shardCount;
    }

    /// <summary>The file, with all folders.</summary>
    public string Path { get; }

    /// <summary>The file below the folder, with <c>/</c> between the parts.</summary>
    public string RelativePath { get; }

    /// <summary>How it is read.</summary>
    public RowFileFormat Format { get; }

    /// <summary>
    /// The split: <c>train</c>, <c>validation</c> or <c>test</c> where the name of the file or of a folder says it, otherwise what stands before
    /// the shard's number, and <c>train</c> where nothing does, as Hugging Face datasets has it.
    /// </summary>
    public string Split { get; }

    /// <summary>The 0-based number of the shard in <c>train-00000-of-00002.parquet</c>, where the name has one.</summary>
    public int? Shard { get; }

    /// <summary>The number of shards, where the name has one.</summary>
    public int? ShardCount { get; }
}
