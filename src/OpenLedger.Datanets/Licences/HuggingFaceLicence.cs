using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Datanets.Licences;

/// <summary>
/// The licence identifiers of Hugging Face cards, which are mostly SPDX identifiers in lower case. Those that are not become references:
/// <c>llama3</c> is <c>LicenseRef-huggingface-llama3</c>.
/// </summary>
public static class HuggingFaceLicence
{
    private const string Prefix = "LicenseRef-huggingface-";

    private static readonly FrozenDictionary<string, string> Spdx = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["afl-3.0"] = "AFL-3.0",
        ["agpl-3.0"] = "AGPL-3.0-only",
        ["apache-2.0"] = "Apache-2.0",
        ["artistic-2.0"] = "Artistic-2.0",
        ["bsd-2-clause"] = "BSD-2-Clause",
        ["bsd-3-clause"] = "BSD-3-Clause",
        ["bsd-3-clause-clear"] = "BSD-3-Clause-Clear",
        ["bsl-1.0"] = "BSL-1.0",
        ["c-uda"] = "C-UDA-1.0",
        ["cc-by-2.0"] = "CC-BY-2.0",
        ["cc-by-2.5"] = "CC-BY-2.5",
        ["cc-by-3.0"] = "CC-BY-3.0",
        ["cc-by-4.0"] = "CC-BY-4.0",
        ["cc-by-nc-2.0"] = "CC-BY-NC-2.0",
        ["cc-by-nc-3.0"] = "CC-BY-NC-3.0",
        ["cc-by-nc-4.0"] = "CC-BY-NC-4.0",
        ["cc-by-nc-nd-3.0"] = "CC-BY-NC-ND-3.0",
        ["cc-by-nc-nd-4.0"] = "CC-BY-NC-ND-4.0",
        ["cc-by-nc-sa-2.0"] = "CC-BY-NC-SA-2.0",
        ["cc-by-nc-sa-3.0"] = "CC-BY-NC-SA-3.0",
        ["cc-by-nc-sa-4.0"] = "CC-BY-NC-SA-4.0",
        ["cc-by-nd-4.0"] = "CC-BY-ND-4.0",
        ["cc-by-sa-3.0"] = "CC-BY-SA-3.0",
        ["cc-by-sa-4.0"] = "CC-BY-SA-4.0",
        ["cc0-1.0"] = "CC0-1.0",
        ["cdla-permissive-1.0"] = "CDLA-Permissive-1.0",
        ["cdla-permissive-2.0"] = "CDLA-Permissive-2.0",
        ["cdla-sharing-1.0"] = "CDLA-Sharing-1.0",
        ["ecl-2.0"] = "ECL-2.0",
        ["epl-1.0"] = "EPL-1.0",
        ["epl-2.0"] = "EPL-2.0",
        ["etalab-2.0"] = "etalab-2.0",
        ["eupl-1.1"] = "EUPL-1.1",
        ["eupl-1.2"] = "EUPL-1.2",
        ["gpl-2.0"] = "GPL-2.0-only",
        ["gpl-3.0"] = "GPL-3.0-only",
        ["isc"] = "ISC",
        ["lgpl-2.1"] = "LGPL-2.1-only",
        ["lgpl-3.0"] = "LGPL-3.0-only",
        ["lppl-1.3c"] = "LPPL-1.3c",
        ["mit"] = "MIT",
        ["mpl-2.0"] = "MPL-2.0",
        ["ms-pl"] = "MS-PL",
        ["ncsa"] = "NCSA",
        ["odbl"] = "ODbL-1.0",
        ["odc-by"] = "ODC-By-1.0",
        ["ofl-1.1"] = "OFL-1.1",
        ["openmdw-1.0"] = "OpenMDW-1.0",
        ["osl-3.0"] = "OSL-3.0",
        ["pddl"] = "PDDL-1.0",
        ["postgresql"] = "PostgreSQL",
        ["unlicense"] = "Unlicense",
        ["wtfpl"] = "WTFPL",
        ["zlib"] = "Zlib",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // Known at Hugging Face, but not licences of the SPDX list: model licences, research licences, families without a version.
    private static readonly FrozenDictionary<string, LicenceTerms> References = BuildReferences().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> HuggingFace =
        Spdx.ToFrozenDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The identifiers that this package maps, in order.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. Spdx.Keys.Concat(References.Keys).Order(StringComparer.Ordinal)];

    /// <summary>Translates an identifier of a card.</summary>
    /// <param name="id">For example <c>cc-by-4.0</c>; the case does not matter.</param>
    /// <param name="expression">The SPDX expression, or <see langword="null"/>.</param>
    /// <returns><see langword="false"/> when the identifier is not one of Hugging Face's.</returns>
    public static bool TryToSpdx(string id, [NotNullWhen(true)] out LicenceExpression? expression)
    {
        ArgumentNullException.ThrowIfNull(id);
        expression = Spdx.TryGetValue(id, out string? spdx) ? new SingleLicence(spdx, isOrLater: false, exception: null)
            : References.ContainsKey(id) ? new SingleLicence(Prefix + ToReference(id.ToLowerInvariant()), isOrLater: false, exception: null)
            : null;
        return expression is not null;
    }

    /// <summary>Translates an SPDX expression for a card.</summary>
    /// <param name="expression">The licence.</param>
    /// <returns>The identifier, or <c>other</c> when Hugging Face has none; the card then names the licence by itself.</returns>
    public static string FromSpdx(LicenceExpression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        if (expression is not SingleLicence { Exception: null } licence)
        {
            return "other";
        }

        if (licence.IsReference)
        {
            return FindReference(licence.Id) ?? "other";
        }

        // An "or later" has no identifier there; saying "only" instead would take a right away, which is the safe direction.
        string id = licence.Known?.Id ?? licence.Id;
        string? name = HuggingFace.GetValueOrDefault(id) ?? HuggingFace.GetValueOrDefault(id.Replace("-or-later", "-only", StringComparison.Ordinal));
        return name ?? HuggingFace.GetValueOrDefault(id + "-only") ?? "other";
    }

    internal static LicenceTerms TermsOf(string reference) =>
        FindReference(reference) is string id ? References[id] : LicenceTerms.Unknown;

    private static string? FindReference(string reference) => reference.StartsWith(Prefix, StringComparison.Ordinal)
        ? References.Keys.FirstOrDefault(id => ToReference(id) == reference[Prefix.Length..])
        : null;

    private static string ToReference(string id) => id.Replace("++", "-plus-plus", StringComparison.Ordinal);

    private static Dictionary<string, LicenceTerms> BuildReferences()
    {
        const LicenceVerdict yes = LicenceVerdict.Granted;
        const LicenceVerdict open = LicenceVerdict.Unknown;
        const LicenceVerdict no = LicenceVerdict.Denied;
        const LicenceConditions by = LicenceConditions.Attribution;
        Dictionary<string, LicenceTerms> terms = [];
        void Add(string ids, LicenceTerms of)
        {
            foreach (string id in ids.Split(' '))
            {
                terms.Add(id, of);
            }
        }

        Add(
            "bigcode-openrail-m bigscience-bloom-rail-1.0 bigscience-openrail-m creativeml-openrail-m openrail openrail++",
            new LicenceTerms(LicenceClass.Custom, yes, yes, yes, by | LicenceConditions.UseRestrictions, null));
        Add(
            "deepfloyd-if-license gemma grok2-community llama2 llama3 llama3.1 llama3.2 llama3.3 llama4",
            new LicenceTerms(LicenceClass.Custom, yes, open, yes, by | LicenceConditions.UseRestrictions, null));
        Add(
            "apple-amlr fair-noncommercial-research-license h-research intel-research",
            new LicenceTerms(LicenceClass.NonCommercial, open, no, open, by | LicenceConditions.UseRestrictions, null));
        Add("bsd", new LicenceTerms(LicenceClass.Permissive, yes, yes, yes, by, null));
        Add("apple-ascl cc gfdl gpl lgpl lgpl-lr other unknown", LicenceTerms.Unknown);
        return terms;
    }
}
