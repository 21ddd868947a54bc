namespace OpenLedger.Lora.Kernels;

/// <summary>How many rows are turned into floats at once before all tokens pass them.</summary>
internal static class Strips
{
    private const int CacheFloats = 64 * 1024;

    /// <summary>Rows whose floats stay in the second-level cache; with few tokens, in the first.</summary>
    public static int Rows(int tokens, int stride) => tokens <= 12 ? 8 : Math.Clamp(CacheFloats / stride / 8 * 8, 8, 256);
}
