namespace OpenLedger.Hosting.ChatClients;

/// <summary>The stages of a paid inference.</summary>
[Flags]
internal enum InferenceParts
{
    None = 0,
    Attribution = 1,
    Metering = 2,
    Settlement = 4,
    All = Attribution | Metering | Settlement,
}
