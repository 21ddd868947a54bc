namespace OpenLedger.Chain.Settlement;

/// <summary>What a call costs: a price per 1,000 tokens in and out, and a flat platform fee, all in wei.</summary>
/// <remarks>
/// <para><c>Fee = floor((T_in·R_in + T_out·R_out) / 1000) + F_platform</c>. The metered part is rounded down once, in the payer's favour, so
/// that a call never costs more than its tokens are worth. The platform fee is flat; a proportional platform fee is a smaller model share.</para>
/// <para>Immutable and safe for concurrent use.</para>
/// </remarks>
public sealed record PricePolicy
{
    /// <summary>The highest price or flat fee: 10^27 wei, a billion tokens of 18 decimals. It keeps every fee below 2^128.</summary>
    public static UInt128 MaxPrice { get; } = (UInt128)1_000_000_000_000_000_000ul * 1_000_000_000ul;

    /// <summary>R_in: wei per 1,000 prompt tokens, at most <see cref="MaxPrice"/>.</summary>
    public required UInt128 WeiPer1000InputTokens { get; init; }

    /// <summary>R_out: wei per 1,000 generated tokens, at most <see cref="MaxPrice"/>.</summary>
    public required UInt128 WeiPer1000OutputTokens { get; init; }

    /// <summary>F_platform: wei per call, at most <see cref="MaxPrice"/>.</summary>
    public required UInt128 PlatformFeeWei { get; init; }

    /// <summary>Returns the fee of a call in wei.</summary>
    /// <param name="tokensIn">Prompt tokens.</param>
    /// <param name="tokensOut">Generated tokens.</param>
    /// <exception cref="ArgumentException">A price is above <see cref="MaxPrice"/>.</exception>
    public UInt128 FeeFor(uint tokensIn, uint tokensOut)
    {
        Validate();
        return (((tokensIn * WeiPer1000InputTokens) + (tokensOut * WeiPer1000OutputTokens)) / 1000u) + PlatformFeeWei;
    }

    /// <summary>Checks every price, and reports all faults at once.</summary>
    /// <exception cref="ArgumentException">A price is above <see cref="MaxPrice"/>.</exception>
    public void Validate()
    {
        List<string> faults = [];
        Check(WeiPer1000InputTokens, nameof(WeiPer1000InputTokens));
        Check(WeiPer1000OutputTokens, nameof(WeiPer1000OutputTokens));
        Check(PlatformFeeWei, nameof(PlatformFeeWei));
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }

        void Check(UInt128 price, string name)
        {
            if (price > MaxPrice)
            {
                faults.Add($"{name} is {price} wei; it must be at most {MaxPrice}.");
            }
        }
    }
}
