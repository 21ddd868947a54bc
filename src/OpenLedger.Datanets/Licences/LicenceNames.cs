using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Datanets.Licences;

/// <summary>Recognises licences as manifests and cards write them: SPDX expressions, Hugging Face identifiers, addresses of licence texts.</summary>
public static class LicenceNames
{
    private const int MaxLength = 2048;

    /// <summary>Reads what a manifest says about its licence.</summary>
    /// <param name="text">For example <c>mit</c>, <c>https://creativecommons.org/licenses/by/4.0/</c> or <c>llama3</c>.</param>
    /// <param name="expression">The licence, or <see langword="null"/>.</param>
    /// <returns>
    /// How the licence was spelled; <see cref="LicenceSpelling.None"/> when nothing known was found, also for identifiers that are SPDX
    /// by their form only. <see cref="LicenceExpression.Parse"/> reads those.
    /// </returns>
    public static LicenceSpelling Recognize(string text, out LicenceExpression? expression)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        expression = null;
        if (trimmed.Length is 0 or > MaxLength)
        {
            return LicenceSpelling.None;
        }

        if (TryReadAddress(trimmed, out expression))
        {
            return LicenceSpelling.Address;
        }

        if (LicenceExpression.TryParse(trimmed, out LicenceExpression? parsed, out _)
            && parsed.Licences.All(static licence => licence.Known is not null || licence.IsReference))
        {
            expression = parsed;
            return LicenceSpelling.SpdxExpression;
        }

        return HuggingFaceLicence.TryToSpdx(trimmed, out expression) ? LicenceSpelling.HuggingFaceId : LicenceSpelling.None;
    }

    private static bool TryReadAddress(string text, [NotNullWhen(true)] out LicenceExpression? expression)
    {
        expression = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            return false;
        }

        string host = address.Host.StartsWith("www.", StringComparison.Ordinal) ? address.Host[4..] : address.Host;
        string[] path = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string? id = (host, path) switch
        {
            ("creativecommons.org", ["licenses", string kind, string version, ..]) => $"CC-{kind}-{version}",
            ("creativecommons.org", ["publicdomain", "zero", string version, ..]) => $"CC0-{version}",
            ("creativecommons.org", ["publicdomain", "mark", string version, ..]) => $"CC-PDM-{version}",
            ("choosealicense.com", ["licenses", string name]) => name,
            ("spdx.org", ["licenses", string name]) => name,
            ("opensource.org", ["licenses" or "license", string name]) => name,
            ("opendatacommons.org", ["licenses", "by", ..]) => "ODC-By-1.0",
            ("opendatacommons.org", ["licenses", "odbl", ..]) => "ODbL-1.0",
            ("opendatacommons.org", ["licenses", "pddl", ..]) => "PDDL-1.0",
            ("apache.org", ["licenses", "LICENSE-2.0" or "LICENSE-2.0.html" or "LICENSE-2.0.txt"]) => "Apache-2.0",
            ("cdla.dev", ["permissive-2-0", ..]) => "CDLA-Permissive-2.0",
            ("cdla.dev", ["permissive-1-0", ..]) => "CDLA-Permissive-1.0",
            ("cdla.dev", ["sharing-1-0", ..]) => "CDLA-Sharing-1.0",
            _ => null,
        };
        id = id is not null && id.EndsWith(".html", StringComparison.Ordinal) ? id[..^".html".Length] : id;
        if (id is null || !SpdxLicence.TryFind(id, out SpdxLicence? known) || known.IsDeprecated)
        {
            // Sites name the GPL without "only"; what they show is that version's text.
            return id is not null && HuggingFaceLicence.TryToSpdx(id, out expression);
        }

        expression = new SingleLicence(known.Id, isOrLater: false, exception: null);
        return true;
    }
}
