using OpenLedger.Attribution.Answers;

namespace OpenLedger.Hosting;

/// <summary>Everything that <see cref="OpenLedgerServiceCollectionExtensions.AddOpenLedger"/> needs to know.</summary>
/// <remarks>Checked as a whole when a service is first resolved; each service reads its part when it is created, so change nothing later.</remarks>
public sealed class OpenLedgerOptions
{
    /// <summary>Where datanets are kept.</summary>
    public OpenLedgerDatanetsOptions Datanets { get; } = new();

    /// <summary>The base model and how it answers.</summary>
    public OpenLedgerLoraOptions Lora { get; } = new();

    /// <summary>How answers are attributed; registered as a service, for whoever creates an <see cref="AnswerAttributor"/>.</summary>
    /// <value>The defaults of <see cref="AnswerAttributorOptions"/>.</value>
    public AnswerAttributorOptions Attribution { get; set; } = new();

    /// <summary>Prices, payees and the ledger.</summary>
    public OpenLedgerChainOptions Chain { get; } = new();
}
