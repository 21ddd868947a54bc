using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation;

/// <summary>Where a record keeps what the rules ask for: names of members at its top, tried in order.</summary>
public sealed record RecordFields
{
    /// <summary>Fields whose text is the body of a record; every one that is present counts. When none is, every text of the record does.</summary>
    /// <value><c>text</c>, <c>content</c>, <c>body</c>, <c>code</c>.</value>
    public IReadOnlyList<string> Body { get; init; } = ["text", "content", "body", "code"];

    /// <summary>Fields that hold the question; the first that is present counts.</summary>
    /// <value><c>instruction</c>, <c>question</c>, <c>prompt</c>, <c>query</c>.</value>
    public IReadOnlyList<string> Question { get; init; } = ["instruction", "question", "prompt", "query"];

    /// <summary>Fields that hold what the question is about; the first that is present counts.</summary>
    /// <value><c>input</c>, <c>context</c>.</value>
    public IReadOnlyList<string> Context { get; init; } = ["input", "context"];

    /// <summary>Fields that hold the answer; the first that is present counts.</summary>
    /// <value><c>output</c>, <c>answer</c>, <c>response</c>, <c>completion</c>.</value>
    public IReadOnlyList<string> Answer { get; init; } = ["output", "answer", "response", "completion"];

    /// <summary>Fields that hold the turns of a conversation; the first that is a list counts.</summary>
    /// <value><c>messages</c>, <c>conversations</c>, <c>conversation</c>, <c>turns</c>.</value>
    public IReadOnlyList<string> Turns { get; init; } = ["messages", "conversations", "conversation", "turns"];

    /// <summary>Throws when a list holds no name for a field, naming every fault.</summary>
    /// <exception cref="ArgumentException">A list is missing, or a name is empty.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Texts(nameof(Body), Body);
        faults.Texts(nameof(Question), Question);
        faults.Texts(nameof(Context), Context);
        faults.Texts(nameof(Answer), Answer);
        faults.Texts(nameof(Turns), Turns);
        faults.Throw();
    }

    internal RecordFields Copy() => new()
    {
        Body = [.. Body],
        Question = [.. Question],
        Context = [.. Context],
        Answer = [.. Answer],
        Turns = [.. Turns],
    };

    internal JsonObject Describe() => new()
    {
        ["body"] = OptionFaults.Array(Body),
        ["question"] = OptionFaults.Array(Question),
        ["context"] = OptionFaults.Array(Context),
        ["answer"] = OptionFaults.Array(Answer),
        ["turns"] = OptionFaults.Array(Turns),
    };
}
