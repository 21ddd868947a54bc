namespace PayableAi.Reporting;

/// <summary>Markup that is written as it stands: only for text this program made itself.</summary>
internal readonly record struct RawHtml(string Markup);
