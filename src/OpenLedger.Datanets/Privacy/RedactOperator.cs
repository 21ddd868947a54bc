namespace OpenLedger.Datanets.Privacy;

/// <summary><see cref="PersonalDataOperator.Redact"/>.</summary>
internal sealed class RedactOperator : PersonalDataOperator
{
    public override string Apply(PersonalDataSpan span, string value, int ordinal) => $"[{span.Entity.Name}]";
}
