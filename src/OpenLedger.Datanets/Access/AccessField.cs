using System.Globalization;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Journal;

namespace OpenLedger.Datanets.Access;

/// <summary>One field of the form that a requester fills in.</summary>
public sealed record AccessField
{
    /// <summary>Longest answer in UTF-16 code units.</summary>
    public const int MaxAnswerLength = 2000;

    private const int MaxChoices = 100;
    private const int MaxTextLength = 300;

    /// <summary>Names the answer: 1 to 64 lower-case letters, digits and <c>_</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the requester reads, 1 to 300 characters.</summary>
    public required string Label { get; init; }

    /// <summary>What the field takes.</summary>
    public required AccessFieldType Type { get; init; }

    /// <summary>Whether an answer is needed.</summary>
    /// <value><see langword="false"/>.</value>
    public bool IsRequired { get; init; }

    /// <summary>The choices of a <see cref="AccessFieldType.Select"/> field, 1 to 100 of 1 to 300 characters; empty for others.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> Choices { get; init; } = [];

    internal void AddFaults(List<string> faults)
    {
        if (Name is not { Length: > 0 and <= 64 } || Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_'))
        {
            faults.Add($"The field name '{Name}' is not 1 to 64 lower-case letters, digits and underscores.");
        }

        if (Label is not { Length: > 0 and <= MaxTextLength })
        {
            faults.Add($"The label of '{Name}' has {Label?.Length ?? 0} characters; 1 to {MaxTextLength} are legal.");
        }

        if (!Enum.IsDefined(Type))
        {
            faults.Add($"The type of '{Name}' is {(int)Type}; use a member of {nameof(AccessFieldType)}.");
        }

        if (Choices is null || (Type == AccessFieldType.Select ? Choices.Count is 0 or > MaxChoices : Choices.Count > 0)
            || Choices.Any(choice => choice is not { Length: > 0 and <= MaxTextLength }))
        {
            faults.Add($"The choices of '{Name}' do not fit: 1 to {MaxChoices} of 1 to {MaxTextLength} characters for Select, none for other types.");
        }
    }

    /// <summary>Says what is wrong with an answer, or <see langword="null"/>.</summary>
    internal string? FindFault(string? answer)
    {
        if (string.IsNullOrEmpty(answer))
        {
            return IsRequired ? "needs an answer" : null;
        }

        if (answer.Length > MaxAnswerLength)
        {
            return $"has {answer.Length} characters; at most {MaxAnswerLength} are allowed";
        }

        return Type switch
        {
            AccessFieldType.Checkbox when answer is not ("true" or "false") => "is neither true nor false",
            AccessFieldType.Checkbox when IsRequired && answer != "true" => "must be ticked",
            AccessFieldType.Date when !DateOnly.TryParseExact(answer, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) =>
                "is not a day like 2030-01-31",
            AccessFieldType.Country when !CountryCodes.IsCountry(answer) => "is not an ISO 3166-1 country code like VN",
            AccessFieldType.Select when !Choices.Contains(answer) => "is none of the choices",
            _ => null,
        };
    }

    internal JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["label"] = Label,
        ["type"] = EventName<AccessFieldType>.Of(Type),
        ["required"] = IsRequired,
        ["choices"] = new JsonArray([.. Choices.Select(choice => (JsonNode)JsonValue.Create(choice)!)]),
    };

    internal static AccessField Read(EventBody body) => new()
    {
        Name = body.Text("name"),
        Label = body.Text("label"),
        Type = body.Name<AccessFieldType>("type"),
        IsRequired = body.Boolean("required"),
        Choices = [.. body.Texts("choices")],
    };
}
