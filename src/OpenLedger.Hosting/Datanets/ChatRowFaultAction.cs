namespace OpenLedger.Hosting.Datanets;

/// <summary>What <see cref="ChatRowExtractor"/> does about answers that are malformed and rows that do not fit the schema.</summary>
public enum ChatRowFaultAction
{
    /// <summary>Goes on without them; <see cref="ChatRowReport"/> lists them.</summary>
    Skip = 0,

    /// <summary>Ends the walk with a <c>DatanetException</c> of <c>DatanetError.InvalidGeneratedRows</c>.</summary>
    Throw = 1,
}
