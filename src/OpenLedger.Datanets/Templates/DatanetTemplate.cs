using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Validation;

namespace OpenLedger.Datanets.Templates;

/// <summary>A good start for a datanet of one kind: schema, rules, guidelines and how contributions are reviewed.</summary>
/// <remarks>Everything is a suggestion: take what fits and change the rest before the datanet is created. Immutable; safe for concurrent use.</remarks>
public sealed class DatanetTemplate
{
    internal DatanetTemplate(
        string name, string title, string summary, DatanetSchema schema, ValidationProfile profile, ReviewQueueOptions review, ConsentTerms consent, string guidelines)
    {
        Name = name;
        Title = title;
        Summary = summary;
        Schema = schema;
        Profile = profile;
        Review = review;
        Consent = consent;
        Guidelines = guidelines;
    }

    /// <summary>The name for programs, for example <c>support</c>.</summary>
    public string Name { get; }

    /// <summary>The name for people.</summary>
    public string Title { get; }

    /// <summary>What the datanet is for, in one or two sentences.</summary>
    public string Summary { get; }

    /// <summary>What a record looks like.</summary>
    public DatanetSchema Schema { get; }

    /// <summary>The rules for its content, personal data and secrets included; for a <see cref="ValidationGate"/>.</summary>
    public ValidationProfile Profile { get; }

    /// <summary>How many people look at a record, and how they decide.</summary>
    public ReviewQueueOptions Review { get; }

    /// <summary>What contributors are asked to consent to.</summary>
    public ConsentTerms Consent { get; }

    /// <summary>What contributors and reviewers should know, in Markdown.</summary>
    public string Guidelines { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Title}";
}
