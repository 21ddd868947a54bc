namespace OpenLedger.Datanets.Formats;

/// <summary>Who speaks in a <see cref="Conversation"/>.</summary>
public enum ChatRole
{
    /// <summary>Instructions above the conversation.</summary>
    System = 0,

    /// <summary>The person.</summary>
    User = 1,

    /// <summary>The model.</summary>
    Assistant = 2,

    /// <summary>What a tool gave back.</summary>
    Tool = 3,
}
