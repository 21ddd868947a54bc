using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>A Hugging Face dataset card: a Markdown page whose front matter, in YAML, describes the dataset.</summary>
/// <remarks>
/// The members the hub's metadata specification names have properties; all others are kept in <see cref="Extra"/> and written back. What is
/// read and written again says the same; comments, quotes and the order of members may change. Immutable apart from the nodes in
/// <see cref="Extra"/>, which belong to the caller.
/// </remarks>
public sealed record DatasetCard
{
    /// <summary>Longest card in UTF-16 code units.</summary>
    public const int MaxLength = 4 << 20;

    private const int MaxFrontMatterLength = 256 << 10;

    /// <summary>Languages, as codes such as <c>vi</c>.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Licences by the hub's identifiers, which are lower-case, such as <c>cc-by-4.0</c>; <c>other</c> points to the two below.</summary>
    public IReadOnlyList<string> Licenses { get; init; } = [];

    /// <summary>The name of a licence the hub does not know.</summary>
    public string? LicenseName { get; init; }

    /// <summary>Where the text of that licence is: a file of the dataset, or a URL.</summary>
    public string? LicenseLink { get; init; }

    /// <summary>The name to show.</summary>
    public string? PrettyName { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Who made the annotations, for example <c>crowdsourced</c>.</summary>
    public IReadOnlyList<string> AnnotationsCreators { get; init; } = [];

    /// <summary>Who wrote the texts, for example <c>found</c>.</summary>
    public IReadOnlyList<string> LanguageCreators { get; init; } = [];

    /// <summary>How many records, as the hub's classes, for example <c>1K&lt;n&lt;10K</c>.</summary>
    public IReadOnlyList<string> SizeCategories { get; init; } = [];

    /// <summary>The datasets it derives from.</summary>
    public IReadOnlyList<string> SourceDatasets { get; init; } = [];

    /// <summary>Tasks it is for, for example <c>question-answering</c>.</summary>
    public IReadOnlyList<string> TaskCategories { get; init; } = [];

    /// <summary>Finer tasks.</summary>
    public IReadOnlyList<string> TaskIds { get; init; } = [];

    /// <summary>The subsets, and which files hold which split.</summary>
    public IReadOnlyList<DatasetCardConfig> Configs { get; init; } = [];

    /// <summary>Other members of the front matter; kept and written back.</summary>
    public JsonObject Extra { get; init; } = [];

    /// <summary>The page below the front matter, as written.</summary>
    public string Text { get; init; } = "";

    /// <summary>The hub's class of a number of records, such as <c>1K&lt;n&lt;10K</c>.</summary>
    /// <param name="records">Not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="records"/> is negative.</exception>
    public static string SizeCategoryOf(long records)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(records);
        return records switch
        {
            < 1_000 => "n<1K",
            < 10_000 => "1K<n<10K",
            < 100_000 => "10K<n<100K",
            < 1_000_000 => "100K<n<1M",
            < 10_000_000 => "1M<n<10M",
            < 100_000_000 => "10M<n<100M",
            < 1_000_000_000 => "100M<n<1B",
            < 10_000_000_000 => "1B<n<10B",
            < 100_000_000_000 => "10B<n<100B",
            < 1_000_000_000_000 => "100B<n<1T",
            _ => "n>1T",
        };
    }

    /// <summary>Reads a card.</summary>
    /// <param name="card">The Markdown file; line ends of any kind. Without front matter the card is all <see cref="Text"/>.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidDatasetCard"/>: the front matter is not closed, not YAML, not a map, uses aliases or tags, or a member
    /// has the wrong kind of value; <see cref="DatanetError.LimitExceeded"/>.
    /// </exception>
    public static DatasetCard Parse(string card)
    {
        ArgumentNullException.ThrowIfNull(card);
        if (card.Length > MaxLength)
        {
            throw new DatanetException(DatanetError.LimitExceeded, $"The card has {card.Length} characters; at most {MaxLength} are allowed.");
        }

        string text = card.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (!text.StartsWith("---\n", StringComparison.Ordinal))
        {
            return new DatasetCard { Text = text };
        }

        int end = text.StartsWith("---\n---", StringComparison.Ordinal) ? 3 : text.IndexOf("\n---", StringComparison.Ordinal);
        int after = end + 4;
        while (end >= 0 && after < text.Length && text[after] != '\n') // a longer line is content, not the end
        {
            end = text.IndexOf("\n---", after, StringComparison.Ordinal);
            after = end + 4;
        }

        if (end < 0)
        {
            throw new DatanetException(DatanetError.InvalidDatasetCard, "The front matter is not closed; end it with a line '---'.") { LineNumber = 1 };
        }

        string yaml = end < 4 ? "" : text[4..(end + 1)];
        if (yaml.Length > MaxFrontMatterLength)
        {
            throw new DatanetException(
                DatanetError.LimitExceeded, $"The front matter has {yaml.Length} characters; at most {MaxFrontMatterLength} are allowed.");
        }

        return YamlReader.Read(yaml) switch
        {
            null => new DatasetCard { Text = Rest(text, after) },
            JsonObject front => Read(front, Rest(text, after)),
            _ => throw new DatanetException(DatanetError.InvalidDatasetCard, "The front matter is not a map; write it as lines of the form 'name: value'."),
        };
    }

    /// <summary>Writes the card as a Markdown file with line ends of one character.</summary>
    public string ToMarkdown()
    {
        JsonObject front = [];
        Add(front, "language", Languages);
        Add(front, "license", Licenses);
        Add(front, "license_name", LicenseName);
        Add(front, "license_link", LicenseLink);
        Add(front, "pretty_name", PrettyName);
        Add(front, "tags", Tags);
        Add(front, "annotations_creators", AnnotationsCreators);
        Add(front, "language_creators", LanguageCreators);
        Add(front, "size_categories", SizeCategories);
        Add(front, "source_datasets", SourceDatasets);
        Add(front, "task_categories", TaskCategories);
        Add(front, "task_ids", TaskIds);
        if (Configs.Count > 0)
        {
            front["configs"] = new JsonArray([.. Configs.Select(config => (JsonNode)config.ToNode())]);
        }

        foreach ((string name, JsonNode? value) in Extra)
        {
            front[name] = value?.DeepClone();
        }

        return front.Count == 0 ? Text : $"---\n{YamlWriter.Write(front)}---\n{Text}";
    }

    private static DatasetCard Read(JsonObject front, string text)
    {
        DatasetCard card = new()
        {
            Languages = Texts(front, "language"),
            Licenses = Texts(front, "license"),
            LicenseName = Single(front, "license_name"),
            LicenseLink = Single(front, "license_link"),
            PrettyName = Single(front, "pretty_name"),
            Tags = Texts(front, "tags"),
            AnnotationsCreators = Texts(front, "annotations_creators"),
            LanguageCreators = Texts(front, "language_creators"),
            SizeCategories = Texts(front, "size_categories"),
            SourceDatasets = Texts(front, "source_datasets"),
            TaskCategories = Texts(front, "task_categories"),
            TaskIds = Texts(front, "task_ids"),
            Configs = Take(front, "configs") switch
            {
                null => [],
                JsonArray list => [.. list.Select(DatasetCardConfig.Read)],
                _ => throw Wrong("configs", "a list of maps"),
            },
            Text = text,
        };
        return card with { Extra = front };
    }

    private static string[] Texts(JsonObject front, string name) => Take(front, name) switch
    {
        null => [],
        JsonArray list => [.. list.Select(item => Scalar(item) ?? throw Wrong(name, "a text or a list of texts"))],
        JsonNode value => [Scalar(value) ?? throw Wrong(name, "a text or a list of texts")],
    };

    private static string? Single(JsonObject front, string name) =>
        Take(front, name) is JsonNode value ? Scalar(value) ?? throw Wrong(name, "a text") : null;

    private static JsonNode? Take(JsonObject front, string name)
    {
        JsonNode? value = front[name];
        front.Remove(name);
        return value;
    }

    /// <summary>A text; a number or a truth value is taken as it is spelled, for <c>pretty_name: 2030</c> means a name.</summary>
    internal static string? Scalar(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
        _ => null,
    };

    internal static DatanetException Wrong(string name, string expected) =>
        new(DatanetError.InvalidDatasetCard, $"The member '{name}' of the front matter is not {expected}.");

    private static void Add(JsonObject front, string name, string? value)
    {
        if (value is not null)
        {
            front[name] = value;
        }
    }

    private static void Add(JsonObject front, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            front[name] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
        }
    }

    private static string Rest(string text, int after) => after + 1 <= text.Length ? text[(after + 1)..] : "";
}
