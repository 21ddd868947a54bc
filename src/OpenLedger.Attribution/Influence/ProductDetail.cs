namespace OpenLedger.Attribution.Influence;

/// <summary>Whether gradient products are kept for each block or summed over all.</summary>
public enum ProductDetail
{
    /// <summary>One matrix per block: what block-wise methods such as DataInf need.</summary>
    PerBlock = 0,

    /// <summary>One matrix over all blocks: less memory, enough for every method that treats the parameters jointly.</summary>
    Joint = 1,
}
