namespace OpenLedger.Datanets.Manifests;

/// <summary>Something about a Croissant document that its specification does not allow, or advises against.</summary>
/// <param name="Code">Stable, for programs, for example <c>missing_license</c> or <c>unknown_reference</c>.</param>
/// <param name="IsError">Whether the specification forbids it; otherwise it is advice.</param>
/// <param name="Where">The id or member concerned.</param>
/// <param name="Message">One line for people.</param>
public sealed record CroissantIssue(string Code, bool IsError, string Where, string Message);
