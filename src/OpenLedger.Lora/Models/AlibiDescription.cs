namespace OpenLedger.Lora.Models;

/// <summary>
/// Attention with linear biases (Press et al., arXiv 2108.12409): <c>slope(head) · position(key)</c> is added to the scores. With H heads and
/// p the largest power of two up to H, slopes are <c>2^(-8k/p)</c> for k = 1 … p; further heads take the odd powers of <c>2^(-4/p)</c>.
/// </summary>
public sealed record AlibiDescription
{
    /// <summary>Whether the bias is added before the scores are scaled by <c>1/√headSize</c>, so that it is scaled too (Falcon).</summary>
    /// <value><see langword="false"/>: the bias is added to scaled scores (BLOOM).</value>
    public bool BeforeScaling { get; init; }

    /// <summary>Whether slopes are rounded to bfloat16, as Falcon's authors do.</summary>
    public bool SlopesInBFloat16 { get; init; }
}
