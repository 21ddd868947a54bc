namespace OpenLedger.Datanets.Privacy;

/// <summary><see cref="PersonalDataOperator.Keep"/>.</summary>
internal sealed class KeepOperator : PersonalDataOperator
{
    public override string Apply(PersonalDataSpan span, string value, int ordinal) => value;
}
