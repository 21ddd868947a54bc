using System.Globalization;

namespace OpenLedger.Datanets.Formats;

/// <summary>Opens files of rows by their names, and finds them in folders such as those of Hugging Face datasets.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public static class RowFiles
{
    private static readonly string[] NotData = ["dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json", "metadata.json", "readme.md"];

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file; the ending of its name says the format, and <c>.gz</c> after it that it is compressed (not for Parquet and Arrow).</param>
    /// <param name="options">Dialects and limits, or <see langword="null"/> for the defaults.</param>
    /// <returns>The rows; the file is opened when they are walked.</returns>
    /// <exception cref="ArgumentException">The path is empty, its ending is unknown, or an option is illegal.</exception>
    public static IRowSource Open(string path, RowFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new RowFileOptions();
        options.Validate();
        if (!TryFindFormat(path, options, out RowFileFormat format, out bool isCompressed))
        {
            throw new ArgumentException(
                $"The ending of '{Path.GetFileName(path)}' is unknown; .jsonl, .json, .csv, .tsv, .parquet, .arrow and {string.Join(", ", options.Extractors.Extensions)} are read.",
                nameof(path));
        }

        return new FileRowSource(path, format, isCompressed, options);
    }

    /// <summary>Finds the files of rows in a folder and the folders inside it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Limits, or <see langword="null"/> for the defaults.</param>
    /// <returns>
    /// The files in ordinal order of their relative paths: those of table formats; hidden files and folders, dataset cards and descriptions are
    /// left out. Documents are listed only where there is no table.
    /// </returns>
    /// <exception cref="ArgumentException">The path is empty, or an option is illegal.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.UnsafePath"/>: a link leads out of the folder. <see cref="DatanetError.LimitExceeded"/>: there are more files or
    /// folders inside each other than the limits. <see cref="DatanetError.InvalidColumnarFile"/>: a shard of a split is missing.
    /// </exception>
    public static IReadOnlyList<RowFile> List(string folder, RowFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new RowFileOptions();
        options.Validate();
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        List<RowFile> files = [];
        int seen = 0;
        Walk(new DirectoryInfo(root), root, 0, options, files, ref seen);
        List<RowFile> tables = [.. files.Where(file => file.Format != RowFileFormat.Document)];
        List<RowFile> result = tables.Count > 0 ? tables : files;
        result.Sort((a, b) => string.CompareOrdinal(a.RelativePath, b.RelativePath));
        ThrowIfShardMissing(result);
        return result;
    }

    private static void Walk(DirectoryInfo folder, string root, int depth, RowFileOptions options, List<RowFile> files, ref int seen)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name[0] == '.')
            {
                continue;
            }

            if (++seen > options.MaxFolderFiles || depth > options.MaxFolderDepth)
            {
                throw new DatanetException(
                    DatanetError.LimitExceeded,
                    $"{Path.GetFileName(root)}: the folder holds more than {options.MaxFolderFiles} files or folders deeper than {options.MaxFolderDepth}.");
            }

            ThrowIfOutside(entry, root);
            if (entry is DirectoryInfo inner)
            {
                if (entry.LinkTarget is null) // a link inside the root names a folder that is walked anyway
                {
                    Walk(inner, root, depth + 1, options, files, ref seen);
                }
            }
            else if (!NotData.Contains(entry.Name, StringComparer.OrdinalIgnoreCase) && TryFindFormat(entry.Name, options, out RowFileFormat format, out _))
            {
                string relative = Path.GetRelativePath(root, entry.FullName).Replace('\\', '/');
                files.Add(Describe(entry.FullName, relative, format));
            }
        }
    }

    private static void ThrowIfOutside(FileSystemInfo entry, string root)
    {
        if (entry.LinkTarget is null)
        {
            return;
        }

        string? target = RealPath(entry.FullName);
        string real = RealPath(root) ?? root;
        string prefix = Path.EndsInDirectorySeparator(real) ? real : real + Path.DirectorySeparatorChar;
        if (target is null || !target.StartsWith(prefix, StringComparison.Ordinal) || !Path.Exists(target))
        {
            throw new DatanetException(DatanetError.UnsafePath, $"{entry.Name}: the link leads out of the folder '{Path.GetFileName(root)}', or nowhere.");
        }
    }

    /// <summary>
    /// The path without links in any of its parts, or <see langword="null"/> when they go in circles. The framework resolves the last part only, so
    /// that a link to <c>inner/secret</c> would pass where <c>inner</c> is itself a link out of the folder.
    /// </summary>
    private static string? RealPath(string path)
    {
        const int MaxLinks = 40; // as Linux has it
        string root = Path.GetPathRoot(path)!;
        string current = root;
        Stack<string> rest = new(Parts(path[root.Length..]));
        for (int links = 0; rest.TryPop(out string? part);)
        {
            string next = Path.Combine(current, part);
            string? link = new FileInfo(next).LinkTarget;
            if (link is null)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            string target = Path.GetFullPath(link, current);
            root = Path.GetPathRoot(target)!;
            foreach (string inner in Parts(target[root.Length..]))
            {
                rest.Push(inner);
            }

            current = root;
        }

        return current;

        static IEnumerable<string> Parts(string relative) =>
            relative.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse();
    }

    private static RowFile Describe(string path, string relative, RowFileFormat format)
    {
        string[] parts = relative.Split('/');
        string name = parts[^1][..parts[^1].IndexOf('.', 1)];

        // train-00000-of-00002, data-00000-of-00001; old datasets have a fingerprint between.
        int? shard = null;
        int? count = null;
        string[] words = name.Split('-');
        int of = Array.LastIndexOf(words, "of");
        if (of >= 2 && of + 1 < words.Length && TryNumber(words[of - 1], out int number) && TryNumber(words[of + 1], out int total) && number < total)
        {
            (shard, count) = (number, total);
            name = string.Join('-', words[..(of - 1)]);
        }

        string split = parts[..^1].Append(name).Select(KnownSplit).LastOrDefault(known => known is not null) ?? (shard is not null && name != "data" ? name : "train");
        return new RowFile(path, relative, format, split, shard, count);
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>The words by which Hugging Face datasets recognises splits, whole between the separators of the name.</summary>
    private static string? KnownSplit(string name)
    {
        foreach (string word in name.Split('-', '_', '.', ' '))
        {
            switch (word.ToLowerInvariant())
            {
                case "train" or "training":
                    return "train";
                case "validation" or "valid" or "val" or "dev":
                    return "validation";
                case "test" or "testing" or "eval" or "evaluation":
                    return "test";
                default:
                    break;
            }
        }

        return null;
    }

    private static void ThrowIfShardMissing(List<RowFile> files)
    {
        foreach (IGrouping<string, RowFile> group in files.Where(file => file.Shard is not null).GroupBy(
            file => $"{Path.GetDirectoryName(file.RelativePath)}/{file.Split}/{file.ShardCount}/{file.Format}", StringComparer.Ordinal))
        {
            int count = group.First().ShardCount!.Value;
            int missing = Enumerable.Range(0, Math.Min(count, group.Count() + 1)).Except(group.Select(file => file.Shard!.Value)).FirstOrDefault(-1);
            if (missing >= 0)
            {
                throw new DatanetException(
                    DatanetError.InvalidColumnarFile,
                    FormattableString.Invariant($"{group.First().RelativePath}: shard {missing} of {count} is missing."));
            }
        }
    }

    private static bool TryFindFormat(string path, RowFileOptions options, out RowFileFormat format, out bool isCompressed)
    {
        isCompressed = Path.GetExtension(path).Equals(".gz", StringComparison.OrdinalIgnoreCase);
        string name = isCompressed ? Path.GetFileNameWithoutExtension(path) : path;
        RowFileFormat? found = Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => RowFileFormat.JsonLines,
            ".json" => RowFileFormat.Json,
            ".csv" => RowFileFormat.Csv,
            ".tsv" or ".tab" => RowFileFormat.Tsv,
            ".parquet" when !isCompressed => RowFileFormat.Parquet,
            ".arrow" or ".feather" or ".ipc" or ".arrows" when !isCompressed => RowFileFormat.Arrow,
            _ => options.Extractors.TryFind(name, out _) ? RowFileFormat.Document : null,
        };
        format = found ?? default;
        return found is not null;
    }
}
