using System.Collections.Frozen;

namespace OpenLedger.Datanets.Licences;

/// <summary>
/// A selection of the SPDX licence list by family: the licences of data sets, of models and of the code in them. What a family allows is
/// written once; the table says who belongs to it.
/// </summary>
internal static class SpdxTable
{
    private const LicenceVerdict Yes = LicenceVerdict.Granted;
    private const LicenceVerdict No = LicenceVerdict.Denied;
    private const LicenceConditions By = LicenceConditions.Attribution;
    private const LicenceConditions Alike = LicenceConditions.Attribution | LicenceConditions.ShareAlike;

    private const string PublicDomainIds = "0BSD CC-PDDC CC-PDM-1.0 CC0-1.0 DL-DE-ZERO-2.0 NIST-PD NIST-PD-fallback PDDL-1.0 SAX-PD Unlicense WTFPL MIT-0 blessing";

    private const string PermissiveIds =
        "AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 Apache-1.0 Apache-1.1 Apache-2.0 Artistic-1.0 Artistic-1.0-Perl Artistic-2.0 "
        + "BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause BSD-3-Clause-Attribution BSD-3-Clause-Clear BSD-3-Clause-LBNL BSD-4-Clause "
        + "BSL-1.0 BlueOak-1.0.0 CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-2.5-AU CC-BY-3.0 CC-BY-3.0-AT CC-BY-3.0-AU CC-BY-3.0-DE CC-BY-3.0-IGO "
        + "CC-BY-3.0-NL CC-BY-3.0-US CC-BY-4.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0 CNRI-Python COIL-1.0 DL-DE-BY-2.0 ECL-1.0 ECL-2.0 "
        + "EFL-2.0 Entessa FTL HPND ICU IJG ISC Intel JSON LPPL-1.0 LPPL-1.3c Libpng MIT MIT-CMU MS-PL MulanPSL-1.0 MulanPSL-2.0 NAIST-2003 NCSA NTP "
        + "NLOD-1.0 NLOD-2.0 O-UDA-1.0 ODC-By-1.0 OFL-1.1 OGC-1.0 OGL-Canada-2.0 OGL-UK-1.0 OGL-UK-2.0 OGL-UK-3.0 OLDAP-2.8 OpenMDW-1.0 OpenSSL PHP-3.0 PHP-3.01 "
        + "PSF-2.0 PostgreSQL Python-2.0 Ruby SISSL SunPro TCL Unicode-3.0 Unicode-DFS-2016 Unicode-TOU UPL-1.0 Vim W3C W3C-20150513 X11 Xnet Zend-2.0 "
        + "Zlib ZPL-2.0 ZPL-2.1 bzip2-1.0.6 curl etalab-2.0 zlib-acknowledgement";

    // Each share-alike licence with the licences its adaptations may carry: its own text, its later versions where it allows them, and the
    // licences it names as compatible.
    private static readonly (LicenceClass Class, string Id, string Outbound)[] ShareAlike =
    [
        (LicenceClass.ShareAlike, "CC-BY-SA-1.0", "CC-BY-SA-1.0"),
        (LicenceClass.ShareAlike, "CC-BY-SA-2.0", "CC-BY-SA-2.0 CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0"),
        (LicenceClass.ShareAlike, "CC-BY-SA-2.5", "CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0"),
        (LicenceClass.ShareAlike, "CC-BY-SA-3.0", "CC-BY-SA-3.0 CC-BY-SA-4.0"),
        (LicenceClass.ShareAlike, "CC-BY-SA-3.0-AT", "CC-BY-SA-3.0 CC-BY-SA-3.0-AT CC-BY-SA-4.0"),
        (LicenceClass.ShareAlike, "CC-BY-SA-3.0-DE", "CC-BY-SA-3.0 CC-BY-SA-3.0-DE CC-BY-SA-4.0"),
        (LicenceClass.ShareAlike, "CC-BY-SA-4.0", "CC-BY-SA-4.0 GPL-3.0-only"), // one way, by Creative Commons' list of 2015
        (LicenceClass.ShareAlike, "CDLA-Sharing-1.0", "CDLA-Sharing-1.0"),
        (LicenceClass.ShareAlike, "ODbL-1.0", "ODbL-1.0"),
        (LicenceClass.ShareAlike, "GFDL-1.1-only", "GFDL-1.1-only"),
        (LicenceClass.ShareAlike, "GFDL-1.1-or-later", "GFDL-1.1-only GFDL-1.1-or-later GFDL-1.2-only GFDL-1.2-or-later GFDL-1.3-only GFDL-1.3-or-later"),
        (LicenceClass.ShareAlike, "GFDL-1.2-only", "GFDL-1.2-only"),
        (LicenceClass.ShareAlike, "GFDL-1.2-or-later", "GFDL-1.2-only GFDL-1.2-or-later GFDL-1.3-only GFDL-1.3-or-later"),
        (LicenceClass.ShareAlike, "GFDL-1.3-only", "GFDL-1.3-only"),
        (LicenceClass.ShareAlike, "GFDL-1.3-or-later", "GFDL-1.3-only GFDL-1.3-or-later"),
        (LicenceClass.ShareAlike, "LAL-1.3", "LAL-1.3 CC-BY-SA-4.0"),
        (LicenceClass.Copyleft, "GPL-1.0-only", "GPL-1.0-only"),
        (LicenceClass.Copyleft, "GPL-1.0-or-later", "GPL-1.0-only GPL-1.0-or-later " + Gpl2Later),
        (LicenceClass.Copyleft, "GPL-2.0-only", "GPL-2.0-only"),
        (LicenceClass.Copyleft, "GPL-2.0-or-later", Gpl2Later),
        (LicenceClass.Copyleft, "GPL-3.0-only", "GPL-3.0-only AGPL-3.0-only"), // section 13 of both allows the combination
        (LicenceClass.Copyleft, "GPL-3.0-or-later", Gpl3Later),
        (LicenceClass.Copyleft, "LGPL-2.0-only", "LGPL-2.0-only " + Gpl2Later),
        (LicenceClass.Copyleft, "LGPL-2.0-or-later", "LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later " + Gpl2Later),
        (LicenceClass.Copyleft, "LGPL-2.1-only", "LGPL-2.1-only " + Gpl2Later), // section 3 allows any version of the GPL from 2
        (LicenceClass.Copyleft, "LGPL-2.1-or-later", "LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later " + Gpl2Later),
        (LicenceClass.Copyleft, "LGPL-3.0-only", "LGPL-3.0-only GPL-3.0-only AGPL-3.0-only"),
        (LicenceClass.Copyleft, "LGPL-3.0-or-later", "LGPL-3.0-only LGPL-3.0-or-later " + Gpl3Later),
        (LicenceClass.Copyleft, "MPL-1.0", "MPL-1.0"),
        (LicenceClass.Copyleft, "MPL-1.1", "MPL-1.1 MPL-2.0"),
        (LicenceClass.Copyleft, "MPL-2.0", "MPL-2.0 LGPL-2.1-or-later LGPL-2.1-only LGPL-3.0-only LGPL-3.0-or-later " + Gpl2Later), // secondary licences
        (LicenceClass.Copyleft, "MPL-2.0-no-copyleft-exception", "MPL-2.0-no-copyleft-exception"),
        (LicenceClass.Copyleft, "EPL-1.0", "EPL-1.0 EPL-2.0"),
        (LicenceClass.Copyleft, "EPL-2.0", "EPL-2.0"),
        (LicenceClass.Copyleft, "CDDL-1.0", "CDDL-1.0 CDDL-1.1"),
        (LicenceClass.Copyleft, "CDDL-1.1", "CDDL-1.1"),
        (LicenceClass.Copyleft, "CECILL-2.0", "CECILL-2.0 CECILL-2.1 " + Gpl2Later),
        (LicenceClass.Copyleft, "CECILL-2.1", "CECILL-2.1 EUPL-1.1 EUPL-1.2 AGPL-3.0-only AGPL-3.0-or-later " + Gpl2Later),
        (LicenceClass.Copyleft, "CPL-1.0", "CPL-1.0 EPL-1.0 EPL-2.0"),
        (LicenceClass.Copyleft, "EUPL-1.1", "EUPL-1.1 EUPL-1.2 GPL-2.0-only OSL-2.1 OSL-3.0 CPL-1.0 EPL-1.0 CECILL-2.0"),
        (LicenceClass.Copyleft, "EUPL-1.2", "EUPL-1.2 GPL-2.0-only GPL-3.0-only AGPL-3.0-only OSL-2.1 OSL-3.0 EPL-1.0 CECILL-2.0 CECILL-2.1 MPL-2.0 LGPL-2.1-only LGPL-3.0-only CC-BY-SA-3.0 LiLiQ-R-1.1 LiLiQ-Rplus-1.1"),
        (LicenceClass.Copyleft, "IPL-1.0", "IPL-1.0"),
        (LicenceClass.Copyleft, "LiLiQ-R-1.1", "LiLiQ-R-1.1"),
        (LicenceClass.Copyleft, "LiLiQ-Rplus-1.1", "LiLiQ-Rplus-1.1"),
        (LicenceClass.Copyleft, "MS-RL", "MS-RL"),
        (LicenceClass.Copyleft, "OSL-2.1", "OSL-2.1 OSL-3.0"),
        (LicenceClass.Copyleft, "Sleepycat", "Sleepycat"),
    ];

    // Sharing alike also when the work is only offered over a network.
    private static readonly (string Id, string Outbound)[] NetworkCopyleft =
    [
        ("AGPL-3.0-only", "AGPL-3.0-only"),
        ("AGPL-3.0-or-later", "AGPL-3.0-only AGPL-3.0-or-later"),
        ("APSL-2.0", "APSL-2.0"),
        ("OSL-3.0", "OSL-3.0"),
        ("RPL-1.5", "RPL-1.5"),
        ("SSPL-1.0", "SSPL-1.0"),
    ];

    private const string Gpl3Later = "GPL-3.0-only GPL-3.0-or-later AGPL-3.0-only AGPL-3.0-or-later";
    private const string Gpl2Later = "GPL-2.0-only GPL-2.0-or-later " + Gpl3Later;

    private const string NonCommercialIds =
        "CC-BY-NC-1.0 CC-BY-NC-2.0 CC-BY-NC-2.5 CC-BY-NC-3.0 CC-BY-NC-3.0-DE CC-BY-NC-4.0 PolyForm-Noncommercial-1.0.0";

    private static readonly (string Id, string Outbound)[] NonCommercialShareAlike =
    [
        ("CC-BY-NC-SA-1.0", "CC-BY-NC-SA-1.0"),
        ("CC-BY-NC-SA-2.0", "CC-BY-NC-SA-2.0 CC-BY-NC-SA-2.5 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0"),
        ("CC-BY-NC-SA-2.5", "CC-BY-NC-SA-2.5 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0"),
        ("CC-BY-NC-SA-3.0", "CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0"),
        ("CC-BY-NC-SA-3.0-DE", "CC-BY-NC-SA-3.0 CC-BY-NC-SA-3.0-DE CC-BY-NC-SA-4.0"),
        ("CC-BY-NC-SA-3.0-IGO", "CC-BY-NC-SA-3.0 CC-BY-NC-SA-3.0-IGO CC-BY-NC-SA-4.0"),
        ("CC-BY-NC-SA-4.0", "CC-BY-NC-SA-4.0"),
    ];

    private const string NoDerivativesIds = "CC-BY-ND-1.0 CC-BY-ND-2.0 CC-BY-ND-2.5 CC-BY-ND-3.0 CC-BY-ND-3.0-DE CC-BY-ND-4.0";

    private const string NonCommercialNoDerivativesIds =
        "CC-BY-NC-ND-1.0 CC-BY-NC-ND-2.0 CC-BY-NC-ND-2.5 CC-BY-NC-ND-3.0 CC-BY-NC-ND-3.0-DE CC-BY-NC-ND-3.0-IGO CC-BY-NC-ND-4.0";

    // Known, but their terms hang on facts that the identifier does not tell.
    private const string CustomIds = "BUSL-1.1 C-UDA-1.0 Elastic-2.0 Hippocratic-2.1 PolyForm-Small-Business-1.0.0 TAPR-OHL-1.0";

    // Identifiers that the list keeps for old documents, with the one that replaced each.
    private static readonly (string Old, string Current)[] Deprecated =
    [
        ("AGPL-3.0", "AGPL-3.0-only"), ("BSD-2-Clause-FreeBSD", "BSD-2-Clause"), ("BSD-2-Clause-NetBSD", "BSD-2-Clause"),
        ("GFDL-1.1", "GFDL-1.1-only"), ("GFDL-1.2", "GFDL-1.2-only"), ("GFDL-1.3", "GFDL-1.3-only"),
        ("GPL-1.0", "GPL-1.0-only"), ("GPL-2.0", "GPL-2.0-only"), ("GPL-3.0", "GPL-3.0-only"),
        ("LGPL-2.0", "LGPL-2.0-only"), ("LGPL-2.1", "LGPL-2.1-only"), ("LGPL-3.0", "LGPL-3.0-only"),
        ("StandardML-NJ", "HPND"), ("bzip2-1.0.5", "bzip2-1.0.6"),
    ];

    /// <summary>Exceptions after WITH. They widen what a licence allows; the terms stay those of the licence, which is the safe side.</summary>
    private const string ExceptionIds =
        "389-exception Autoconf-exception-2.0 Autoconf-exception-3.0 Bison-exception-2.2 Bootloader-exception CLISP-exception-2.0 "
        + "Classpath-exception-2.0 DigiRule-FOSS-exception eCos-exception-2.0 FLTK-exception Fawkes-Runtime-exception Font-exception-2.0 "
        + "GCC-exception-2.0 GCC-exception-3.1 GPL-3.0-linking-exception LGPL-3.0-linking-exception LLVM-exception LZMA-exception "
        + "Libtool-exception Linux-syscall-note OCaml-LGPL-linking-exception OpenJDK-assembly-exception-1.0 PS-or-PDF-font-exception-20170817 "
        + "Qt-GPL-exception-1.0 Qt-LGPL-exception-1.1 Qwt-exception-1.0 Swift-exception Universal-FOSS-exception-1.0 "
        + "WxWindows-exception-3.1 u-boot-exception-2.0";

    public static IReadOnlyList<SpdxLicence> Licences { get; } = Build();

    public static FrozenDictionary<string, SpdxLicence> ById { get; } =
        Licences.ToFrozenDictionary(static licence => licence.Id, StringComparer.OrdinalIgnoreCase);

    public static FrozenDictionary<string, string> Exceptions { get; } =
        ExceptionIds.Split(' ').ToFrozenDictionary(static id => id, StringComparer.OrdinalIgnoreCase);

    private static SpdxLicence[] Build()
    {
        List<SpdxLicence> licences = [];
        void Add(string ids, LicenceTerms terms) => licences.AddRange(ids.Split(' ').Select(id => new SpdxLicence(id, terms, isDeprecated: false)));

        Add(PublicDomainIds, LicenceTerms.PublicDomain);
        Add(PermissiveIds, new LicenceTerms(LicenceClass.Permissive, Yes, Yes, Yes, By, null));
        foreach ((LicenceClass licenceClass, string id, string outbound) in ShareAlike)
        {
            LicenceConditions conditions = licenceClass == LicenceClass.Copyleft ? Alike | LicenceConditions.DiscloseSource : Alike;
            Add(id, new LicenceTerms(licenceClass, Yes, Yes, Yes, conditions, outbound.Split(' ')));
        }

        foreach ((string id, string outbound) in NetworkCopyleft)
        {
            const LicenceConditions conditions = Alike | LicenceConditions.DiscloseSource | LicenceConditions.NetworkUse;
            Add(id, new LicenceTerms(LicenceClass.Copyleft, Yes, Yes, Yes, conditions, outbound.Split(' ')));
        }

        Add(NonCommercialIds, new LicenceTerms(LicenceClass.NonCommercial, Yes, No, Yes, By, null));
        foreach ((string id, string outbound) in NonCommercialShareAlike)
        {
            Add(id, new LicenceTerms(LicenceClass.NonCommercial, Yes, No, Yes, Alike, outbound.Split(' ')));
        }

        Add(NoDerivativesIds, new LicenceTerms(LicenceClass.NoDerivatives, Yes, Yes, No, By, null));
        Add(NonCommercialNoDerivativesIds, new LicenceTerms(LicenceClass.NoDerivatives, Yes, No, No, By, null));
        Add(
            CustomIds,
            new LicenceTerms(
                LicenceClass.Custom, LicenceVerdict.Unknown, LicenceVerdict.Unknown, LicenceVerdict.Unknown, LicenceConditions.UseRestrictions, null));
        Dictionary<string, SpdxLicence> current = licences.ToDictionary(static licence => licence.Id, StringComparer.Ordinal);
        licences.AddRange(Deprecated.Select(pair => new SpdxLicence(pair.Old, current[pair.Current].Terms, isDeprecated: true)));
        return [.. licences.OrderBy(static licence => licence.Id, StringComparer.Ordinal)];
    }
}
