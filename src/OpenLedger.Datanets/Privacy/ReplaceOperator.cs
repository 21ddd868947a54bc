using System.Globalization;

namespace OpenLedger.Datanets.Privacy;

/// <summary><see cref="PersonalDataOperator.Replace"/>.</summary>
internal sealed class ReplaceOperator : PersonalDataOperator
{
    private const int FictionalNumbers = 99;
    private const int DocumentationHosts = 254;

    public override string Apply(PersonalDataSpan span, string value, int ordinal)
    {
        FormattableString text = span.Entity.Name switch
        {
            "EMAIL" => $"person{ordinal}@example.com",
            "PHONE" when ordinal <= FictionalNumbers => $"202-555-01{ordinal:00}",
            "IP_ADDRESS" or "PRIVATE_IP_ADDRESS" when value.Contains(':', StringComparison.Ordinal) => $"2001:db8::{ordinal:x}",
            "IP_ADDRESS" or "PRIVATE_IP_ADDRESS" when ordinal <= DocumentationHosts => $"192.0.2.{ordinal}",
            "MAC_ADDRESS" => $"00:00:5E:00:53:{ordinal % 256:X2}",
            "URL" => $"https://example.com/{ordinal}",
            _ => $"[{span.Entity.Name}_{ordinal}]",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
