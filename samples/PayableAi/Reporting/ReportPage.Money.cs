using System.Numerics;

namespace PayableAi.Reporting;

/// <summary>Who was paid: bars for the eye, a table for the accountant.</summary>
internal sealed partial class ReportPage
{
    private void Payouts()
    {
        BigInteger total = BigInteger.Zero;
        foreach (PayoutResult payout in _result.Payouts)
        {
            total += OpenAmount.Parse(payout.Paid);
        }

        Section("payouts", "Who was paid", $"{OpenAmount.Exact(total)} OPEN went to {Plural(_result.Payouts.Count(static payout => OpenAmount.Parse(payout.Paid) > 0), "contributor")}. {Sentence(OutOf(_result.Claims.Count(static claim => claim.Verified), _result.Claims.Count))} claims were verified by their proofs against the payout root.");
        _html.AddRaw("<div class=\"bars\">");
        foreach (PayoutResult payout in _result.Payouts)
        {
            BigInteger paid = OpenAmount.Parse(payout.Paid);
            Bar(
                new RawHtml(Swatch(payout.Contributor).Markup + Encoded(payout.Contributor).Markup),
                Share(paid, total),
                $"{OpenAmount.Cut(paid)} OPEN",
                _palette.ClassOf(payout.Contributor));
        }

        _html.AddRaw("</div>");
        PayoutTable();
        _html.AddRaw("</section>");
    }

    private void PayoutTable()
    {
        _html.AddRaw("<table><thead><tr><th scope=\"col\">Contributor</th><th scope=\"col\" class=\"num\">Records used</th><th scope=\"col\" class=\"num\">Share</th><th scope=\"col\" class=\"num\">Paid in OPEN</th><th scope=\"col\">Claim</th></tr></thead><tbody>");
        foreach (PayoutResult payout in _result.Payouts)
        {
            string account = _result.Contributors.FirstOrDefault(contributor => contributor.Name == payout.Contributor)?.Account ?? "";
            List<ClaimResult> claims = [.. _result.Claims.Where(claim => claim.Contributor == payout.Contributor)];
            string claimed = claims.Count == 0 ? "not claimed" : claims.All(static claim => claim.Verified) ? "verified" : "not verified";
            _html.Add($"<tr><th scope=\"row\"><span class=\"t\">{Swatch(payout.Contributor)}{payout.Contributor}</span><code>{account}</code></th>");
            _html.Add($"<td class=\"num\" data-label=\"Records used\">{payout.RecordsUsed:N0}</td><td class=\"num\" data-label=\"Share\">{PercentText(payout.SharePpb / 1e9)}</td><td class=\"num\" data-label=\"Paid in OPEN\">{OpenAmount.Exact(OpenAmount.Parse(payout.Paid))}</td><td data-label=\"Claim\">{claimed}</td></tr>");
        }

        _html.AddRaw("</tbody></table>");
    }
}
