namespace OpenLedger.Lora.Models;

/// <summary>Rotary positions (Su et al., arXiv 2104.09864): which dimensions rotate, how fast, and how the frequencies are stretched.</summary>
public sealed record RotaryDescription
{
    /// <summary>Base of the frequencies: frequency i is <c>Theta^(-2i/d)</c>.</summary>
    /// <value>10000 where the checkpoint says nothing.</value>
    public double Theta { get; init; } = 10_000;

    /// <summary>d: how many leading dimensions of each head rotate; even.</summary>
    /// <value><see langword="null"/>: the whole head.</value>
    public int? Dimensions { get; init; }

    /// <summary>Whether pairs are neighbours <c>(2i, 2i+1)</c> instead of halves <c>(i, i + d/2)</c>.</summary>
    public bool Interleaved { get; init; }

    /// <summary>How frequencies are stretched for long sequences, or <see langword="null"/> for not at all.</summary>
    public RotaryScaling? Scaling { get; init; }
}
