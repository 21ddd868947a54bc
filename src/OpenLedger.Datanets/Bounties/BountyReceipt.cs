namespace OpenLedger.Datanets.Bounties;

/// <summary>What a payer says about one payment. Immutable.</summary>
public sealed record BountyReceipt
{
    /// <summary>Longest reference or reason in UTF-16 code units.</summary>
    public const int MaxLength = 200;

    private BountyReceipt(string? reference, string? reason)
    {
        Reference = reference;
        Reason = reason;
    }

    /// <summary>The payer's name for the payment, for example a transaction hash; <see langword="null"/> when it was not made.</summary>
    public string? Reference { get; }

    /// <summary>Why the payment was not made; <see langword="null"/> when it was.</summary>
    public string? Reason { get; }

    /// <summary>The payment was made, now or earlier.</summary>
    /// <param name="reference">1 to <see cref="MaxLength"/> characters without control characters.</param>
    /// <exception cref="ArgumentException">The reference is not legal.</exception>
    public static BountyReceipt Paid(string reference) => new(Check(reference, nameof(reference)), null);

    /// <summary>The payment was not made and may be tried again later; others are not held up.</summary>
    /// <param name="reason">1 to <see cref="MaxLength"/> characters without control characters.</param>
    /// <exception cref="ArgumentException">The reason is not legal.</exception>
    public static BountyReceipt NotPaid(string reason) => new(null, Check(reason, nameof(reason)));

    internal static string Check(string text, string parameterName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text, parameterName);
        return text.Length <= MaxLength && text.AsSpan().IndexOfAnyInRange('\0', '\u001F') < 0
            ? text
            : throw new ArgumentException($"The text has {text.Length} characters; 1 to {MaxLength} without control characters are legal.", parameterName);
    }
}
