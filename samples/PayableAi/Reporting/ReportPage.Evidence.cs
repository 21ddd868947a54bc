namespace PayableAi.Reporting;

/// <summary>What anyone can check: the committed datanets, what they refused, and the verification of the exported files.</summary>
internal sealed partial class ReportPage
{
    private void Datanets()
    {
        Section("datanets", "What was contributed", "Every record is committed under a root: whoever holds a record can prove that it was part of the version the model learned from.");
        foreach (DatanetResult datanet in _result.Datanets)
        {
            _html.AddRaw("<article class=\"card datanet\">");
            _html.Add($"<h3 class=\"t\">{datanet.Id}</h3><p class=\"note\">Version {datanet.Version}, {Plural(datanet.Records, "record")}</p>");
            _html.Add($"<dl class=\"hashes\"><dt>Root</dt><dd><code>{datanet.Root}</code></dd><dt>Version</dt><dd><code>{datanet.VersionId}</code></dd></dl>");
            if (datanet.Refused.Count > 0)
            {
                _html.Add($"<h4>Refused: {Plural(datanet.Refused.Count, "record")}</h4><ul class=\"refused\">");
                foreach (RefusedRecord refused in datanet.Refused)
                {
                    _html.Add($"<li><code>{refused.Record}</code> <span class=\"t\">{Swatch(refused.Contributor)}{refused.Contributor}</span>: <span class=\"t\">{refused.Reason}</span></li>");
                }

                _html.AddRaw("</ul>");
            }

            _html.AddRaw("</article>");
        }

        _html.AddRaw("</section>");
    }

    private void Verification()
    {
        VerificationResult verification = _result.Verification;
        TamperResult tamper = _result.Tamper;
        Section("verification", "Check it yourself", "A separate process reads the exported files alone and checks receipts, batch, roots and claims.");
        _html.AddRaw("<dl class=\"figures\">");
        _html.Add($"<div><dd>{verification.Passed:N0}<small> of {verification.Checks:N0}</small></dd><dt>checks passed</dt></div>");
        _html.Add($"<div><dd>{tamper.Rejected:N0}<small> of {tamper.Flips:N0}</small></dd><dt>single changed bytes noticed</dt></div>");
        _html.Add($"<div><dd>{(_result.TamperDetected ? "yes" : "no")}</dd><dt>tampering is always detected</dt></div>");
        _html.AddRaw("</dl><p>Where DIR is the folder of this file:</p><pre><code>dotnet run -c Release --project samples/PayableAi -- verify --out DIR</code></pre></section>");
    }
}
