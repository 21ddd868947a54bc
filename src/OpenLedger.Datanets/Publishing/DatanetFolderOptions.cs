using OpenLedger.Datanets.Manifests;
using OpenLedger.Datanets.Reading;

namespace OpenLedger.Datanets.Publishing;

/// <summary>What <see cref="DatanetFolder"/> says about a datanet beyond what the datanet knows itself.</summary>
public sealed record DatanetFolderOptions
{
    /// <summary>The name to show.</summary>
    public required string Title { get; init; }

    /// <summary>What the dataset is, in Markdown.</summary>
    public required string Description { get; init; }

    /// <summary>The page of the dataset.</summary>
    public required string Url { get; init; }

    /// <summary>Who made it; the contributors' accounts are listed beside.</summary>
    public required IReadOnlyList<CroissantAgent> Creators { get; init; }

    /// <summary>Languages of the records, as codes such as <c>vi</c>.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Keywords.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>What it is for, in the hub's words, for example <c>question-answering</c>.</summary>
    public IReadOnlyList<string> TaskCategories { get; init; } = [];

    /// <summary>What the Responsible AI vocabulary asks, by member, for example <c>dataCollection</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ResponsibleAi { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>How the records are divided into files; <see langword="null"/> writes one, <c>data/train.jsonl</c>.</summary>
    public SplitPlan? Plan { get; init; }

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A text is empty, a list is null, or there is no creator.</exception>
    public void Validate()
    {
        List<string> faults = [];
        foreach ((string name, string value) in new[] { (nameof(Title), Title), (nameof(Description), Description), (nameof(Url), Url) })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                faults.Add($"{name} is empty; the manifests require it.");
            }
        }

        if (Creators is null or [])
        {
            faults.Add($"{nameof(Creators)} is empty; name at least one.");
        }

        if (Languages is null || Keywords is null || TaskCategories is null || ResponsibleAi is null)
        {
            faults.Add($"{nameof(Languages)}, {nameof(Keywords)}, {nameof(TaskCategories)} and {nameof(ResponsibleAi)} must not be null; use empty ones.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
